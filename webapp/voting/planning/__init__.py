"""Planning a vote: its kinds, plan and defaults, and how it opens and closes."""
