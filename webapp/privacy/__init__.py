"""Privacy: what a person takes along, how they leave, and the pages that say how the site treats
people.
"""

from flask import Flask

from . import models as models


def register(app: Flask) -> None:
    """The feature's pages and jobs are part of the application."""
    from ..accounts import loader
    from ..core import hooks
    from . import agreements, exports, guide
    from . import jobs as jobs
    from . import kinds as kinds
    from .routes import BLUEPRINTS

    guide.register()
    loader.also("terms", agreements.newest_asked(), agreements.know)
    hooks.user_exported.subscribe(exports.add)
    hooks.user_erased.subscribe(exports.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
