"""Conversation: threads, replies, mentions and announcements."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..accounts.came_for import FINDERS
from ..core import hooks
from ..core.ui.cached_macro import cached_macro
from ..core.ui.navigation import AreaFigure, AreaPage
from ..groups import came_for, managing
from . import (
    access,
    erasing,
    exporting,
    following,
    models as models,
    notifications as notifications,
    post_pictures,
    reactions,
    reads,
    reporting,
    titles,
)
from .access import Container
from .forms import ReplyForm


def _title_of(thread: models.Thread, container: Container) -> str:
    """Return the thread's title for the reader; moderators may have hidden it."""
    return (
        titles.shown(current_user, thread.group, thread)
        if thread.group is not None
        else container.title_of(thread)
    )


def register(app: Flask) -> None:
    """Add the feature's pages, jobs and emails to the application."""
    from .routes import BLUEPRINTS, thread_page

    reporting.register()
    FINDERS["threads.index"] = FINDERS["threads.show"] = came_for.of_group
    app.jinja_env.globals["title_of"] = _title_of
    app.jinja_env.globals.update(
        reactions_to_choose_from=reactions.REACTIONS,
        post_part=thread_page.post_part,
        fresh_composer=cached_macro(app, "conversation/_composer.html", "fresh", 1000),
        reply_form=lambda kind: ReplyForm(kind, formdata=None),
        thread_line=cached_macro(app, "conversation/_line.html", "thread_line", 1000),
        conversation_post=cached_macro(app, "macros/posts.html", "post", 1000),
    )
    managing.viewable("conversation", _l("Conversation"), "threads.index")
    managing.AREA.add(
        AreaPage(
            "announcement",
            "threads.new",
            _l("Announcement"),
            "bell",
            "content",
            action=access.ANNOUNCE,
            hint=_l("Email all members"),
            values=lambda group, _user: {"slug": group.slug, "announce": "yes"},
            is_elsewhere=True,
        )
    )
    managing.AREA.add_figures(AreaFigure("replies", _l("Replies"), reads.recent_reply_count))
    hooks.member_left.subscribe(following.left_group)
    hooks.digest_written.subscribe(notifications.add_to_digest)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    hooks.user_erased.subscribe(post_pictures.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
