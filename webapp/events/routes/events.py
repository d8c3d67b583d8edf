"""The form to create and edit an event."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens, public
from ...core.http.submit import if_new, submitted
from ...core.http.uploads import TooLarge, pictured_once, uploads
from ...core.storage import pictures as files
from ...groups.access import can, group_to
from ...groups.models import Group
from ...groups.reads import groups_of
from .. import access, defaults, pictures, planning, reads, sharing
from ..forms import ENDS, EventForm
from ..models import GROUP, Event
from ..reads.change_notices import is_change_waiting
from .event_page import bp


def _group(user: Any, action: str) -> Group | None:
    """The group of the new event; everyone may create one without a group."""
    slug = request.values.get("group", "")
    return group_to(user, action, slug) if slug else None


@bp.get("/new")
@opens(_group, "group:create_event")
def new(group: Group | None) -> ResponseReturnValue:
    """Show an empty form, for an event of a group (?group=) or of no group."""
    return form_page(_empty_form(group), group)


def _empty_form(group: Group | None) -> EventForm:
    zone = group.zone if group else current_user.zone
    settled = defaults.form_values(defaults.of(group))
    return EventForm(group, formdata=None, data={"zone": zone, **settled})


def _too_large(refused: UserError, group: Group | None) -> ResponseReturnValue:
    form = EventForm(group) if request.form else _empty_form(group)
    form.refuse(UserError(TooLarge().message, form.picture.name))
    return form_page(form, group, status=refused.status)


@bp.post("")
@opens(_group, "group:create_event")
@uploads(_too_large, several=True, beside=True)
def create(group: Group | None) -> ResponseReturnValue:
    """Create a draft, or with the other button a published event."""
    form = EventForm(group)

    return submitted(
        form,
        lambda: pictured_once(
            Event,
            actor(),
            files.COVER,
            form.picture.content_if_sent(),
            lambda id, picture: _make(form, group, id, picture),
        ),
        again=lambda refused, group: form_page(form, group, status=refused.status),
        to=lambda made: url_for("events.show", slug=made.row.slug),
        flash=if_new(_created_in_words),
    )


def _created_in_words(event: Event) -> str:
    if event.is_published:
        return _("Published. People can answer now.")
    return _("Saved as a draft. Only hosts can see it.")


def _make(form: EventForm, group: Group | None, id: UUID, picture: UUID | None) -> Event:
    event = planning.create(defaults.complete(form.plan(), defaults.of(group)), actor(), group, id)
    event.picture = picture
    if request.form.get("as") == "published":
        planning.publish(event, actor())
    return event


@bp.get("/<slug>/edit")
@opens(access.event_to, "event:edit")
def edit(event: Event) -> ResponseReturnValue:
    """Show the form of the event."""
    return form_page(EventForm(event.group, event), event.group, event)


def _too_large_to_change(refused: UserError, event: Event) -> ResponseReturnValue:
    form = EventForm(event.group, event)
    form.refuse(refused)
    return form_page(form, event.group, event, refused.status)


@bp.post("/<slug>/edit")
@opens(access.event_to, "event:edit")
@uploads(_too_large_to_change, beside=True)
def update(event: Event) -> ResponseReturnValue:
    """Change the event and its picture; people who answered are notified if it matters to them."""
    form, old_slug = EventForm(event.group, event), event.slug

    def change() -> None:
        with files.kept(files.COVER, form.picture.content_if_sent()) as picture:
            planning.update(
                event, form.plan(), actor(), form.seen_version, tell_people=form.tell_people.data
            )
            if picture is not None or form.remove_picture.data:
                pictures.replace(event, actor(), picture)

    return submitted(
        form,
        change,
        again=lambda refused, event: form_page(form, event.group, event, status=refused.status),
        to=lambda _result: url_for("events.show", slug=event.slug),
        flash=lambda _result: _changed_in_words(event, has_moved=event.slug != old_slug),
    )


def _changed_in_words(event: Event, has_moved: bool) -> str:
    message = _("Saved.")
    if is_change_waiting(event):
        message = _(
            "Saved. We’ll tell people who answered in two minutes. Under “Messages” you can tell "
            "them now, or not at all."
        )
    if has_moved and event.published_at is not None:
        new_link = _("The event has a new secret link. Share this one from now on.")
        old = _(
            "The old one works only for hosts, members, and people who answered or were invited "
            "with an account."
        )
        message = f"{message} {new_link} {old}"
    return message


def form_page(
    form: EventForm,
    group: Group | None,
    event: Event | None = None,
    status: int = 200,
) -> Any:
    """Render the form for a new event, or for an existing one."""
    outsiders = reads.outsiders_of(event) if event is not None and event.audience != GROUP else 0
    shown: dict[str, Any] = {
        "form": form,
        "group": group,
        "event": event,
        "outsiders": outsiders,
        "invalid": status != 200,
    }
    if event is None:
        shown["groups"] = [
            one for one in groups_of(current_user) if can(current_user, "group:create_event", one)
        ]
        settled = defaults.of(group)
        hours = settled.rsvp_deadline_hours if settled else None
        shown["answers_end"] = answers_end = dict(ENDS)[hours] if hours else ""
        shown["options"] = defaults.in_words(form.data, answers_end)
    return render_page("events/form.html", status=status, **shown)


pictures_bp = Blueprint("event_pictures", __name__, url_prefix="/events/<slug>/picture")


@pictures_bp.get("/<uuid:picture>/<int:size>", endpoint="show")
@public
def show_picture(slug: str, picture: UUID, size: int) -> Response:
    """Serve the event's picture, or the card that other sites show of it."""
    event = access.event_for(current_user, slug)
    if event.picture == picture:
        return files.answer(files.COVER, picture, size)
    if not sharing.may_be_shared(event) or sharing.card_id(event) != picture:
        abort(404)
    return files.answer_drawn(picture, size, partial(sharing.drawn_card, event))
