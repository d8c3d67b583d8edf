"""Planning a vote: its kinds, its plan, its defaults, and when it opens and closes."""
