"""Groups: communities, their members, who may do what."""

from flask import Flask

from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application.

    Pages are imported here and not above: they show other features' reads, which stand to the right.
    """
    from . import jobs as jobs
    from . import letters as letters
    from . import live as live
    from . import routes

    routes.register(app)
