"""News from other sites: what is asked for, how, and what is kept of it."""
