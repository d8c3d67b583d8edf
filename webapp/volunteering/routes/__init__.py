"""The pages of tasks and shifts."""
