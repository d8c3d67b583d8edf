"""The form of the notification settings: a preset, differences from it, and a level for
each group.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from ..core.http.forms import Form, choices_of
from .models import DIGEST, IMPORTANT, INBOX, NOTHING, NOW, OFF, WEEKLY
from .notification_types import NotificationType
from .preferences import OWN, match

PRESET_NAMES = {
    "everything": _l("Everything"),
    "important": _l("Important"),
    "digest": _l("Digest only"),
    "nothing": _l("Nothing"),
    OWN: _l("Custom"),
}
NAMES = {NOW: _l("Right away"), DIGEST: _l("Digest"), INBOX: _l("Inbox"), OFF: _l("Off")}
#: Labels for types that are an email or nothing, and for the digest itself.
SWITCHED = {NOW: _l("On"), OFF: _l("Off")}
HOW_OFTEN = {DIGEST: _l("Daily"), WEEKLY: _l("Weekly"), OFF: _l("Off")}
#: Labels for what more than half of several types have.
MOSTLY = {
    NOW: _l("Mostly right away"),
    DIGEST: _l("Mostly digest"),
    INBOX: _l("Mostly inbox"),
    OFF: _l("Mostly off"),
}
AS_ABOVE = "as_above"
LEVEL_NAMES = {AS_ABOVE: _l("Default"), IMPORTANT: _l("Important"), NOTHING: _l("Nothing")}


class PreferencesForm(Form):
    """A preset, and a field for each type and each group, added by `preferences_form`.

    `was` has the fields' values when the page was loaded, except defaults.
    """

    was = HiddenField()
    preset = RadioField(_l("Preset"), choices=choices_of(PRESET_NAMES.items()))
    every_group = SelectField(
        _l("All groups"),
        choices=choices_of([("", _l("Per group")), *LEVEL_NAMES.items()]),
        default="",
    )
    #: type -> its field; group -> its field; field -> its default
    of_type: dict[str, str]
    of_group: dict[uuid.UUID, str]
    usual: dict[str, str]

    def types(self) -> dict[str, str]:
        """Return the channels in the form, by type."""
        return {name: self[field].data for name, field in self.of_type.items()}

    def types_before(self) -> dict[str, str]:
        """Return the channels when the page was loaded, by type."""
        before = self._before()
        return {name: before[field] for name, field in self.of_type.items()}

    def levels(self) -> dict[uuid.UUID, str | None]:
        """Return the levels that were changed, by group.

        “All groups” applies to the groups whose own field wasn't changed.
        """
        before, changed = self._before(), {}
        for group_id, field in self.of_group.items():
            level = self[field].data
            if level == before[field]:
                level = self.every_group.data or level
            if level != before[field]:
                changed[group_id] = None if level == AS_ABOVE else level
        return changed

    def _before(self) -> dict[str, str]:
        pairs = (one.partition(":") for one in (self.was.data or "").split())
        return self.usual | {name: value for name, _colon, value in pairs if name in self.usual}


def preferences_form(
    kinds: Sequence[NotificationType],
    chosen: Mapping[str, str],
    groups: Sequence[Any],
    levels: Mapping[uuid.UUID, str],
) -> PreferencesForm:
    """Return the form of someone with these channels and these levels of their groups."""
    free = [kind for kind in kinds if not kind.is_fixed]
    of_type = {kind.name: field_name(kind.name) for kind in free}
    of_group = {group.id: f"level-{group.id.hex}" for group in groups}
    usual = {of_type[kind.name]: kind.usual for kind in free}
    usual |= dict.fromkeys(of_group.values(), AS_ABOVE)
    now = {of_type[kind.name]: chosen[kind.name] for kind in free}
    now |= {field: levels.get(group_id, AS_ABOVE) for group_id, field in of_group.items()}

    # translate each label once, not for each field:
    words = {channels: _choices(channels) for channels in {kind.channels for kind in free}}
    fields: dict[str, Any] = {
        of_type[kind.name]: SelectField(kind.title, choices=words[kind.channels]) for kind in free
    }
    levels_in_words = choices_of((level, str(name)) for level, name in LEVEL_NAMES.items())
    for group in groups:
        fields[of_group[group.id]] = SelectField(group.name, choices=levels_in_words)
    added = {"of_type": of_type, "of_group": of_group, "usual": usual}
    form_class = type("WholePreferencesForm", (PreferencesForm,), {**fields, **added})
    was = " ".join(f"{name}:{value}" for name, value in now.items() if value != usual[name])
    form: PreferencesForm = form_class(data={**now, "was": was, "preset": match(chosen).name})
    return form


def _choices(channels: tuple[str, ...]) -> Any:
    names = _words(channels)
    return choices_of((channel, str(names[channel])) for channel in channels)


def _words(channels: tuple[str, ...]) -> dict[str, Any]:
    """Return the labels of these channels."""
    every = (SWITCHED, HOW_OFTEN, NAMES)
    return next(names for names in every if set(channels) <= set(names))


def field_name(kind: str) -> str:
    """Return the name of the type's field: ids on a page contain no dots."""
    return kind.replace(".", "-")


def in_brief(kinds: Sequence[NotificationType], chosen: Mapping[str, str]) -> str:
    """Summarise what someone has for these types, in a word or two."""
    counts = Counter(chosen[kind.name] for kind in kinds if not kind.is_fixed)
    channel, number = counts.most_common(1)[0]
    if number == counts.total():
        return str(_words(max((kind.channels for kind in kinds), key=len))[channel])
    return str(MOSTLY[channel]) if number > counts.total() / 2 else _("Mixed")


def in_words(kind: NotificationType, channel: str) -> str:
    """Return a type with its channel, for the list of changes."""
    return f"{kind.title}: {_words(kind.channels)[channel]}"
