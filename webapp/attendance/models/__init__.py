"""Check-ins, feedback and messages to hosts."""
