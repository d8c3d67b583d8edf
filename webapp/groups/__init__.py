"""Groups: communities, their members, who may do what."""

from flask import Flask

from . import jobs, letters, live, routes
from . import models as models

__all__ = ["jobs", "letters", "live"]


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    routes.register(app)
