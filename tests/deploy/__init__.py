"""What `deploy/` holds, run as it is."""
