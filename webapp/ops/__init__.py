"""Health, the command line, demo data."""

from flask import Flask


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
