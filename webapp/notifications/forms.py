"""The form in which a person says how each kind of thing is to reach them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from ..core.http.forms import Form, choices_of
from .models import DAILY, INBOX, NOW, OFF
from .notification_types import NotificationType

#: What is on the buttons, short enough for four beside each other on a phone.
NAMES = {NOW: _l("At once"), DAILY: _l("Daily"), INBOX: _l("Inbox"), OFF: _l("Off")}
#: The same where there is only an email or nothing.
SWITCHED = {NOW: _l("On"), OFF: _l("Off")}


def preferences_form(kinds: list[NotificationType], chosen: dict[str, str]) -> Any:
    """A form with one field for each kind of which someone has the choice, as they have
    `chosen`.
    """
    free = [kind for kind in kinds if not kind.is_fixed]
    fields = {field_name(kind.name): _field(kind) for kind in free}
    form = type("Preferences", (Form,), fields)
    return form(data={field_name(kind.name): chosen[kind.name] for kind in free})


def _field(kind: NotificationType) -> Any:
    names = SWITCHED if set(kind.channels) == set(SWITCHED) else NAMES
    return RadioField(
        kind.title, choices=choices_of((channel, names[channel]) for channel in kind.channels)
    )


def wanted(form: Any) -> dict[str, str]:
    """Kind by kind, what the form says."""
    return {
        kind_name(name): field.data
        for name, field in form._fields.items()
        if isinstance(field, RadioField)
    }


def field_name(kind: str) -> str:
    """What the kind's field is called: ids of a page hold no dots."""
    return kind.replace(".", "-")


def kind_name(field: str) -> str:
    """The kind that a field is about."""
    return field.replace("-", ".")
