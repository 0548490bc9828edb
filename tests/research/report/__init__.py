"""Reports: what they print, and what nobody can work out from it."""
