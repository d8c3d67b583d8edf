"""Delivering email in the background: rendering, sending, retrying and cleaning up."""
