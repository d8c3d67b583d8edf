"""Planning votes."""
