"""The pages of an event's pictures and files."""
