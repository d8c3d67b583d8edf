"""Data retention: one table for `flask purge`, the daily job and the page `/privacy/retention`."""
