"""People: sign-up, the confirmation of an address, sign-ins, passwords."""

from flask import Flask

from . import loader
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    loader.init_app(app)
