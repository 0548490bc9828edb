"""What stands around a running Heard: the site as browsers meet it, the machine, the web server."""
