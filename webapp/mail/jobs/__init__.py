"""What happens to an email beside the request: it is written, sent, tried again, and forgotten."""
