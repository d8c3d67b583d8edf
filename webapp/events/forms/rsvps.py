"""The answer to an event."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from ...core.forms import Form, choices_of
from ..models import GOING, MAYBE, NOT_GOING, OFFERED, WAITING, Event, Rsvp
from ..reads.answers import Answer

HOLDING = (GOING, WAITING, OFFERED)


class RsvpForm(Form):
    """Will you come, how many of you, and under your name?"""

    answer = RadioField(
        _l("Your answer"),
        [InputRequired(_l("Choose one of the answers."))],
        choices=choices_of([(GOING, _l("Going")), (MAYBE, _l("Maybe")), (NOT_GOING, _l("Can’t"))]),
    )
    party = SelectField(_l("How many of you?"), coerce=int, default=1)
    anonymous = BooleanField(_l("Show me as “someone”"))

    def __init__(self, event: Event, rsvp: Rsvp | Answer | None = None, **options: Any) -> None:
        present = rsvp.party if rsvp is not None and rsvp.state in HOLDING else 1
        state = GOING if rsvp is None or rsvp.state in HOLDING else rsvp.state
        given = {"answer": state, "party": present, "anonymous": rsvp is not None and rsvp.is_anonymous}
        super().__init__(data=given, **options)
        sizes = range(1, max(event.companions + 1, present) + 1)
        self.party.choices = choices_of((str(size), party_in_words(size)) for size in sizes)
        if len(sizes) == 1 and not self.party.raw_data:
            self.party.data = 1

    def given(self) -> dict[str, Any]:
        """What was answered, as `rsvps.answer` takes it."""
        return {"state": self.answer.data, "party": self.party.data, "anonymous": self.anonymous.data}


def party_in_words(size: int) -> str:
    """“Just me”, “Me and 2 companions”."""
    return ngettext("Me and %(num)s companion", "Me and %(num)s companions", size - 1) if size > 1 else _("Just me")
