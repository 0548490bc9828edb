"""What Heard depends on: why, whether anybody has warned of it, and the list for others."""
