"""News from outside: what is asked for, how, and what is kept of it."""
