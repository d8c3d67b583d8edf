"""Pictures and files of an event."""
