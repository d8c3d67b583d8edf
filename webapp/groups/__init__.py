"""Groups: communities, their members, who may do what."""

from flask import Flask

from ..accounts import loader
from ..accounts.models import SignIn
from ..core import hooks
from . import access, departing, exporting, ownership
from . import jobs as jobs
from . import kinds as kinds
from . import letters as letters
from . import live as live
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    loader.also("roles", access.roles_beside(SignIn.__table__.c.user_id), access.know_roles)
    from . import routes  # here, for its pages read what stands further right: events and votes

    hooks.user_deactivated.subscribe(ownership.left_site)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(departing.erase)
    routes.register(app)
