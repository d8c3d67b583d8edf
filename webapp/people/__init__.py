"""People's pages: what they say of themselves, their picture, and who sees both."""

from flask import Flask

from ..core import hooks
from . import exporting, guide, profiles
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages are part of the application, and every list can show faces."""
    from . import routes  # here, for these pages read what stands further right

    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(profiles.erased)
    hooks.topic_removed.subscribe(profiles.topic_removed)
    guide.register()
    routes.register(app)
