"""The emails about events and answers."""
