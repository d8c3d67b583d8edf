"""Votes: planning, the electorate, ballots, counting and results."""

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..accounts.came_for import FINDERS, Purpose
from ..conversation import access as conversation_access
from ..conversation.models import VOTE
from ..core import hooks
from ..core.http import page_above
from ..core.i18n import soon
from ..core.ui.cached_macro import cached_macro
from ..core.ui.navigation import AreaFigure, AreaPage
from ..core.ui.to_do import TodoRule
from ..events import management
from ..groups import managing
from . import models as models


def register(app: Flask) -> None:
    """Register pages, jobs, emails, hooks and template globals of votes.
    Pages are imported here rather than above, because pages of other features import this package.
    """
    from . import (
        comments,
        erasing,
        exporting,
        jobs as jobs,
        live as live,
        notifications as notifications,
        reporting,
    )
    from .electorate import leavers
    from .planning import method_guides, votes
    from .routes import BLUEPRINTS

    _manage_in_groups()
    _manage_in_events()
    leavers.subscribe()
    conversation_access.register_container(VOTE, comments.find)
    FINDERS["votes.show"] = lambda *_unseen: Purpose(
        _("Sign in to see this vote"), _("Create an account to see this vote")
    )
    page_above.add("votes", _l("Go to the vote"))
    method_guides.register()
    reporting.register()
    hooks.event_moved.subscribe(votes.follow_clocks)
    hooks.digest_written.subscribe(notifications.add_to_digest)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    line = cached_macro(app, "macros/votes.html", "vote_line", 2000)
    app.jinja_env.globals["vote_line"] = line


def _manage_in_groups() -> None:
    """Add votes to the group's manage area: a page, tasks and a figure."""
    from . import reads

    managing.viewable("votes", _l("Votes"), "votes.index", slug_as="group")
    managing.AREA.add(AreaPage("votes", "group_votes.edit", _l("Votes"), "vote", "content"))
    managing.AREA.add_tasks(
        TodoRule(
            "closing",
            lambda number: ngettext(
                "Vote closes within two days", "Votes close within two days", number
            ),
            reads.closing_soon,
            "group_votes.edit",
            _l("View"),
            moments=models.Vote.closes_at,
            says=lambda moment, group, _user: _("Next: %(when)s", when=soon(moment, group.zone)),
        ),
    )
    managing.AREA.add_figures(
        AreaFigure(
            "votes",
            _l("Votes"),
            reads.recently_closed_count,
            detail=reads.open_now,
            says=lambda number: ngettext("%(num)s open now", "%(num)s open now", number),
        )
    )


def _manage_in_events() -> None:
    """Let hosts start a vote among an event's attendees from the event's manage area."""
    from . import access

    management.AREA.add(
        AreaPage(
            "vote",
            "votes.new",
            _l("Vote"),
            "vote",
            "programme",
            is_in_use=lambda event, user: (
                event.group is None
                or event.is_cancelled
                or not access.can_create(user, event.group)
            ),
            hint=_l("Decide together"),
            values=lambda event, _user: {"group": event.group.slug, "event": event.slug},
            is_elsewhere=True,
        )
    )
