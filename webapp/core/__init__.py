"""What every feature builds on. Core imports no feature."""
