"""`heard doctor` on running sites, machines and web servers, good ones and bad ones."""
