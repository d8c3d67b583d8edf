"""Tasks and shifts of an event."""
