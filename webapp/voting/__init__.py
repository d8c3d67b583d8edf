"""Votes: the question, the roll, the ballots, the count."""

from flask import Flask

from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
