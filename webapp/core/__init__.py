"""What every feature is on; it knows no feature."""
