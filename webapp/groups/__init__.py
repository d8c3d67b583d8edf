"""Groups: communities, their members, who may do what."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..accounts import loader
from ..accounts.models import SignIn
from ..core import hooks
from ..core.ui.help import HelpTopic, add
from . import access, cli, exporting, managing, member_removal, ownership, reads
from . import jobs as jobs
from . import models as models
from . import notifications as notifications


def _add_help() -> None:
    """The page exists."""
    summary = _l("How joining works, what each role can do, and what a group decides for itself.")
    add(
        HelpTopic(
            "groups-and-roles",
            _l("Groups and roles"),
            summary,
            "groups/help/groups-and-roles.html",
            section="groups",
        )
    )


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    loader.also("roles", access.roles_beside(SignIn.__table__.c.user_id), access.know_roles)
    from . import routes  # here, for its pages read what stands further right: events and votes

    cli.init_app(app)
    _add_help()
    _manage(app)
    hooks.user_deactivated.subscribe(ownership.left_site)
    hooks.user_deactivated.subscribe(member_removal.step_out)
    hooks.user_returned.subscribe(member_removal.step_in)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(member_removal.erase)
    routes.register(app)


def _manage(app: Flask) -> None:
    """What the navigation of those who run a group shows, and what waits there."""
    app.jinja_env.globals["manage_places"] = lambda group: managing.places(
        current_user, group, app.view_functions
    )
    page = managing.page
    page("overview", "group_manage.show", _l("Overview"), "group:manage", "home")
    page("requests", "join_requests.index", _l("Requests"), "group:answer_requests", "talk")
    page("members", "group_manage.members", _l("Members"), "group:remove_members", "people")
    page("bans", "bans.index", _l("Banned people"), "group:remove_members", "cross")
    page("page", "groups.edit", _l("Details"), "group:edit", "edit", about_group=True)
    page(
        "questions", "join_questions.index", _l("Questions"), "group:edit", "list", about_group=True
    )
    page("code", "group_codes.edit", _l("Code of conduct"), "group:edit", "star", about_group=True)
    page(
        "settings",
        "group_settings.edit",
        _l("Roles and permissions"),
        "group:edit",
        "key",
        about_group=True,
    )
    managing.viewable("about", _l("About"), "groups.show")
    managing.viewable("members", _l("Members"), "members.index")
    _waiting()


def _waiting() -> None:
    waiting = managing.waiting
    waiting(
        "requests",
        _l("Requests to join"),
        reads.requests,
        "join_requests.index",
        "group:answer_requests",
    )
    waiting(
        "offers",
        _l("Ownership offers awaiting a reply"),
        reads.offers,
        "group_manage.members",
        "group:offer_ownership",
    )
    waiting(
        "offer",
        _l("Ownership offer for you"),
        reads.offers_to,
        "ownership.show",
        "group:answer_offer",
    )
