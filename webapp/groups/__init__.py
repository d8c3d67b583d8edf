"""Groups: communities, their members, who may do what."""

from flask import Flask

from . import letters as letters
from . import live as live
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages and letters are part of the application."""
    from . import routes  # here, for its pages read what stands further right: events and votes

    routes.register(app)
