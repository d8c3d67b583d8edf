"""Votes: the question, the roll, ballots, results."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..conversation import access as talks
from ..conversation.models import VOTE
from ..core import hooks
from ..groups import managing
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application.

    Pages are imported here and not above, as in the features whose pages show ours.
    """
    from . import comments, erasing, exporting, reads, reporting
    from . import jobs as jobs
    from . import live as live
    from . import notifications as notifications
    from .electorate import roll
    from .planning import method_guides, votes
    from .routes import BLUEPRINTS

    managing.page("votes", "group_votes.edit", _l("Votes"), "group:edit", "vote")
    managing.viewable("votes", _l("Votes"), "votes.index", slug_as="group")
    managing.waiting(
        "closing",
        _l("Votes closing within two days"),
        reads.closing_soon,
        "group_votes.edit",
        "group:edit",
    )
    managing.waiting(
        "coming",
        _l("Votes not open yet"),
        reads.to_open,
        "group_votes.edit",
        "group:edit",
    )
    roll.subscribe()
    talks.hold_threads(VOTE, comments.find)
    method_guides.register()
    reporting.register()
    hooks.event_moved.subscribe(votes.follow_clocks)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
