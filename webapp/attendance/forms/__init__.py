"""The forms of attendance."""
