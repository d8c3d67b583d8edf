"""What pages show of answers."""
