"""The forms for messages to attendees, invitations to members, and messages to hosts."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from ...core.http.forms import Form, TextBlock, TextLine, choices_of
from ...invitations.forms import MESSAGE
from ...people.forms import PickingForm
from ..attendee_filter import TAB_NAMES, AttendeeFilter
from ..reads.overview import TabCount

LONGEST = 5000


class HostMessageForm(Form):
    """A host's message: recipients, subject and text."""

    tabs = SelectMultipleField(_l("To"), [InputRequired(_l("Choose at least one."))])
    only = SelectField(_l("Only"), default="")
    subject = TextLine(_l("Subject"), InputRequired(_l("Enter a subject.")), most=120)
    body = TextBlock(_l("Your message"), InputRequired(_l("Write a message first.")), most=LONGEST)
    replies_to_sender = BooleanField(_l("Send replies to me"))

    def __init__(
        self, counts: dict[str, TabCount], narrowings: dict[str, str], **options: Any
    ) -> None:
        super().__init__(**options)
        named = [(tab, _named(tab, counts[tab].answers)) for tab in TAB_NAMES]
        self.tabs.choices = choices_of(named)
        self.only.choices = choices_of([("", _l("All of them")), *narrowings.items()])

    def recipients(self) -> AttendeeFilter:
        """Return the filter for the recipients."""
        return AttendeeFilter(tuple(self.tabs.data or ()), self.only.data or "")

    def values(self) -> dict[str, Any]:
        """Return the arguments of `messages.announce`."""
        texts = {"subject": self.subject.data or "", "body": self.body.data or ""}
        return {
            **texts,
            "recipients": self.recipients(),
            "replies_to_sender": bool(self.replies_to_sender.data),
        }


def _named(tab: str, answers: int) -> str:
    return ngettext(
        "%(label)s (1 answer)", "%(label)s (%(num)s answers)", answers, label=TAB_NAMES[tab]
    )


class MembersForm(Form):
    """A message to all members who are invited."""

    message = TextBlock(_l("Personal message"), most=MESSAGE)


class ChooseMembersForm(PickingForm):
    """Choose members to invite, searched by name, with a message."""

    who = SelectMultipleField(_l("Members to invite"), validate_choice=False)
    message = TextBlock(_l("Personal message"), most=MESSAGE)


def recipients_in_words(recipients: AttendeeFilter, narrowings: dict[str, str]) -> str:
    """Return text such as “Going, Maybe; With plus-ones”."""
    named = ", ".join(str(TAB_NAMES[tab]) for tab in recipients.tabs) or _("no one")
    return (
        f"{named}; {narrowings.get(recipients.only) or _('some of them')}"
        if recipients.only
        else named
    )


class MessageForm(Form):
    """A message to the hosts."""

    body = TextBlock(_l("Your message"), DataRequired(_l("Write a message first.")), most=5000)
