"""The notification settings: one page with one form."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.pages import render_page
from ...core.http.permissions import actor, signed_in
from ...core.http.submit import submitted
from ...groups import reads as group_reads
from .. import forms, preferences
from ..notification_types import DIGEST_EMAIL, TOPICS, NotificationType

bp = Blueprint("preferences", __name__, url_prefix="/account/notifications")


class TopicFold(NamedTuple):
    """The types of one topic, a summary of what is chosen, and what differs from the preset."""

    topic: str
    kinds: list[NotificationType]
    value: str
    differing: list[str]


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """Show the preset, the channel of each type of notification, and the groups' levels."""
    groups, chosen = group_reads.groups_of(actor()), preferences.of(actor())
    return _page(_form(groups, chosen), groups, chosen)


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """Save the notification settings."""
    form = _form(group_reads.groups_of(actor()), preferences.of(actor()))
    return submitted(
        form,
        lambda: _save(form),
        again=lambda refused: _page(
            form, group_reads.groups_of(actor()), preferences.of(actor()), refused.status
        ),
        to=url_for("preferences.edit"),
        flash=_("Notification settings saved."),
    )


def _save(form: forms.PreferencesForm) -> None:
    preferences.choose_preset(actor(), form.preset.data, form.types_before(), form.types())
    preferences.choose_levels(actor(), form.levels())


def _form(groups: Sequence[Any], chosen: dict[str, str]) -> forms.PreferencesForm:
    levels = preferences.levels_of(actor(), [group.id for group in groups])
    return forms.preferences_form(preferences.offered_to(actor()), chosen, groups, levels)


def _page(
    form: forms.PreferencesForm, groups: Sequence[Any], chosen: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    match = preferences.match(chosen)
    return render_page(
        "notifications/preferences.html",
        status=status,
        form=form,
        groups=groups,
        folds=[_fold(topic, chosen, match) for topic in TOPICS],
        how_often=chosen[DIGEST_EMAIL],
        nearest=forms.PRESET_NAMES[match.nearest],
        changes=len(match.differing),
    )


def _fold(topic: str, chosen: dict[str, str], match: preferences.PresetMatch) -> TopicFold:
    kinds = [kind for kind in preferences.offered_to(actor()) if kind.topic == topic]
    differing = [
        forms.in_words(kind, chosen[kind.name]) for kind in kinds if kind.name in match.differing
    ]
    return TopicFold(topic, kinds, forms.in_brief(kinds, chosen), differing)
