"""What every response gets: headers, compression, languages, quiet logging, kind errors."""
