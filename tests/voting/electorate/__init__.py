"""Who can vote."""
