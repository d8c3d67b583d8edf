"""News from other sites: how feeds are requested, and what is stored."""
