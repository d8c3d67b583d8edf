"""The site's topics, for admins."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.db import idempotency
from ...core.http.pages import render_page
from ...core.http.permissions import actor, admins_may, admins_only
from ...core.http.submit import done, page_with, submitted
from ...events import reads as event_reads
from ...people import reads as people_reads
from .. import categories, reads
from ..forms.groups import TopicForm, TopicRemovalForm
from ..models import Category

bp = Blueprint("topics", __name__, url_prefix="/admin/topics")


@bp.get("")
@admins_only
def index() -> ResponseReturnValue:
    """List the topics with their uses, and the form for another."""
    return _list(TopicForm())


@bp.post("")
@admins_only
def create() -> ResponseReturnValue:
    """Create a topic."""
    form = TopicForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            Category, actor(), lambda id: categories.add(form.name.data or "", actor(), id)
        ),
        again=page_with(_list, form),
        to=url_for("topics.index"),
        flash=_("Topic added."),
    )


@bp.post("/usual")
@admins_only
def begin() -> ResponseReturnValue:
    """Create the usual topics on a site without any."""
    categories.ensure_defaults()
    return done(url_for("topics.index"))


@bp.get("/<uuid:topic_id>")
@admins_may("site:admin", reads.category_with)
def edit(topic: Category) -> ResponseReturnValue:
    """Show the form of one topic."""
    return _one(topic, TopicForm(name=topic.name))


@bp.post("/<uuid:topic_id>")
@admins_may("site:admin", reads.category_with)
def update(topic: Category) -> ResponseReturnValue:
    """Rename a topic."""
    form = TopicForm()
    return submitted(
        form,
        lambda: categories.rename(topic, form.name.data or "", actor()),
        again=page_with(_one, form),
        to=url_for("topics.index"),
        flash=_("Saved."),
    )


@bp.get("/<uuid:topic_id>/removal")
@admins_may("site:admin", reads.category_with)
def ask(topic: Category) -> ResponseReturnValue:
    """Show what has the topic, and ask which topic it should get."""
    return _removal_page(topic, TopicRemovalForm(topic))


@bp.post("/<uuid:topic_id>/removal")
@admins_may("site:admin", reads.category_with)
def delete(topic: Category) -> ResponseReturnValue:
    """Delete the topic; what had it gets the chosen one, or none."""
    form = TopicRemovalForm(topic)
    return submitted(
        form,
        lambda: categories.remove(topic, form.into_topic(), actor()),
        again=page_with(_removal_page, form),
        to=url_for("topics.index"),
        flash=_("Topic “%(name)s” removed.", name=topic.name),
    )


def _list(form: TopicForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "categories": reads.categories(),
        "form": form,
        "most": categories.MOST,
        "uses": _uses(),
    }
    return render_page("groups/topics/index.html", status=status, invalid=status != 200, **shown)


def _one(topic: Category, form: TopicForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "groups/topics/edit.html", status=status, invalid=status != 200, topic=topic, form=form
    )


def _removal_page(
    topic: Category, form: TopicRemovalForm, status: int = 200
) -> ResponseReturnValue:
    used = tuple(counts.get(topic.id, 0) for counts in _uses())
    return render_page(
        "groups/topics/removal.html", status=status, topic=topic, form=form, used=used
    )


def _uses() -> tuple[dict[Any, int], dict[Any, int], dict[Any, int]]:
    """Return how many groups, events and people have each topic, by topic id."""
    return reads.groups_by_topic(), event_reads.events_by_topic(), people_reads.people_by_topic()
