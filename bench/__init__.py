"""Benchmarks of the application: `make bench`. The application itself uses nothing from here."""
