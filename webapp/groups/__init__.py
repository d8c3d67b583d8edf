"""Groups: communities, their members, and roles."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..accounts import loader
from ..accounts.models import SignIn
from ..core import hooks
from ..core.http import page_above
from ..core.ui.cached_macro import cached_macro
from ..core.ui.help import HelpTopic, add
from . import (
    access,
    came_for,
    cli,
    directory,
    exporting,
    first_step,
    jobs as jobs,
    manage_pages,
    managing,
    member_removal,
    models as models,
    notifications as notifications,
    ownership,
    sharing,
)


def _add_help() -> None:
    """Add the help page."""
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
    """Add the feature's pages, jobs and emails to the application."""
    loader.load_with("roles", access.roles_column(SignIn.__table__.c.user_id), access.know_roles)
    # imported here because its pages read features further right, such as events and votes
    from . import routes

    cli.init_app(app)
    _add_help()
    came_for.register()
    _manage(app)
    hooks.user_deactivated.subscribe(ownership.left_site)
    hooks.user_deactivated.subscribe(member_removal.step_out)
    hooks.user_returned.subscribe(member_removal.step_in)
    hooks.digest_written.subscribe(notifications.add_to_digest)
    hooks.files_named.subscribe(sharing.add_cards)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(member_removal.erase)
    routes.register(app)


def _manage(app: Flask) -> None:
    """Add the managers' pages about members, requests and settings."""
    app.jinja_env.globals["covered"] = directory.covered
    app.jinja_env.globals["group_share_image"] = sharing.image_of
    for name, macro in (("group_card", "card"), ("topic_options", "topic_options")):
        app.jinja_env.globals[name] = cached_macro(app, "groups/_parts.html", macro, 1000)
    app.jinja_env.globals["group_menu"] = lambda group: managing.menu(current_user, group)
    app.jinja_env.globals["first_step"] = lambda: first_step.first_step(current_user)
    page_above.add(
        "groups",
        _l("Go to the group"),
        _l(
            "Your role here doesn’t allow this. On the group’s page you can join, or see whom to "
            "ask."
        ),
    )
    managing.viewable("about", _l("About"), "groups.show")
    managing.viewable("members", _l("Members"), "members.index")
    manage_pages.register()
