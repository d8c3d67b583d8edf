"""Backup and restore of all data as rows, in no database's own format.

The same archive can be restored to SQLite and to any version of PostgreSQL, without their tools.
"""
