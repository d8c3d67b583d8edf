"""The reader's language."""
