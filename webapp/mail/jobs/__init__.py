"""What happens to a letter beside the request: it is written, sent, tried again, and forgotten."""
