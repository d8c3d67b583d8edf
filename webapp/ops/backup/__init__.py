"""A backup of everything that people have entered, and the way back: rows, not a database's own
format.

The same archive goes into SQLite and into PostgreSQL, of whatever version: it needs none of their
tools.
"""
