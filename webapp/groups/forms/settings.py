"""Forms of a group's permissions, code of conduct and questions, and a member's notifications."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from ...core.http.forms import Form, TextBlock, TextLine, choices_of, required
from ...core.text.typed import single_line
from ...notifications.models import IMPORTANT, NOTHING
from ..access import CHOICES
from ..models import CHECKBOX, CHOICE, MEMBER, MODERATOR, ORGANIZER, TEXT, Group, JoinQuestion

WHO = {
    ORGANIZER: _l("Owners and organizers"),
    MODERATOR: _l("Owners, organizers and moderators"),
    MEMBER: _l("All members"),
}


def _who(action: str, words: Any) -> RadioField:
    return RadioField(words, choices=choices_of((role, WHO[role]) for role in CHOICES[action][1]))


class GroupSettingsForm(Form):
    """Permissions that a group can choose."""

    may_create_events = _who("group:create_event", _l("Who can create events"))
    may_create_votes = _who("group:create_vote", _l("Who can create votes"))
    may_start_threads = _who("group:start_thread", _l("Who can start threads"))
    may_see_members = RadioField(
        _l("Who can see the list of members"),
        choices=choices_of(
            [(MODERATOR, _l("Owners, organizers and moderators")), (MEMBER, _l("All members"))]
        ),
    )

    def __init__(self, group: Group) -> None:
        super().__init__(obj=group)

    def lowest(self) -> dict[str, str]:
        """Return the lowest role for each column, as `permissions.update` takes them."""
        return {name: self[name].data for name, _roles in CHOICES.values()}


class ConductForm(Form):
    """The code of conduct, in Markdown."""

    text = TextBlock(_l("Code of conduct"), most=10_000)


class JoinQuestionForm(Form):
    """A question to people who request to join."""

    text = TextLine(_l("Question"), required(_l("Enter a question.")), most=200)
    kind = RadioField(
        _l("Answer type"),
        choices=choices_of(
            [
                (TEXT, _l("Text")),
                (CHOICE, _l("Multiple choice")),
                (CHECKBOX, _l("Checkbox")),
            ]
        ),
        default=TEXT,
    )
    options = TextBlock(_l("Answer options"), most=1200)
    is_required = BooleanField(_l("Required"))

    def __init__(self, question: JoinQuestion | None = None) -> None:
        given = {} if question is None else _as_entered(question)
        super().__init__(data=given)

    def values(self) -> dict[str, Any]:
        """Return the question's values."""
        lines = [single_line(line) for line in (self.options.data or "").splitlines()]
        options = [line for line in lines if line]
        return {
            "text": self.text.data,
            "kind": self.kind.data,
            "options": options,
            "is_required": self.is_required.data,
        }


def _as_entered(question: JoinQuestion) -> dict[str, Any]:
    names = ("text", "kind", "is_required")
    return {name: getattr(question, name) for name in names} | {
        "options": "\n".join(question.options)
    }


AS_EVERYWHERE = "as_everywhere"


class NotificationLevelForm(Form):
    """A member's notification level for the group."""

    level = RadioField(
        _l("Notifications from this group"),
        choices=choices_of(
            [
                (AS_EVERYWHERE, _l("Your usual settings")),
                (IMPORTANT, _l("Important only")),
                (NOTHING, _l("Nothing")),
            ]
        ),
    )
