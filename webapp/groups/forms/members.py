"""Joining a group, asking to join, answering, and what happens to members.

Who joins may be asked for a word, answers to the group's questions, and its code of conduct.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, HiddenField, RadioField
from wtforms.validators import InputRequired, Optional, ValidationError

from ...core.http.forms import Form, TextBlock, TextLine, choices_of
from ...core.time import clock, time_zones
from .. import questions
from ..access import ROLE_NAMES
from ..models import CHECKBOX, CHOICE, Group, JoinQuestion

LONGEST_BAN = timedelta(days=3653)
ANSWERS = [("approve", _l("Approve")), ("decline", _l("Decline")), ("ignore", _l("Ignore"))]


class AnswerForm(Form):
    """Yes, no, or nothing at all."""

    do = RadioField(_l("Answer"), choices=choices_of(ANSWERS))
    answer = TextLine(_l("Message"), most=200)


class RoleForm(Form):
    """A member's role, out of those that the person who changes it may give."""

    role = RadioField(_l("Role"))

    def __init__(self, roles: list[str], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = choices_of((role, ROLE_NAMES[role]) for role in roles)


class OwnershipForm(Form):
    """What becomes of the person who offers ownership, once the offer is accepted."""

    steps_down = RadioField(
        _l("Your role afterwards"),
        choices=choices_of([("", _l("I stay an owner")), ("y", _l("I become an organizer"))]),
        default="",
    )


class MemberRemovalForm(Form):
    """Why someone is removed, and whether they may come back."""

    reason = TextLine(_l("Reason"), most=200)
    banned = BooleanField(_l("Ban them from joining or asking again"))
    until = DateField(_l("Last day of the ban"), [Optional()])

    def __init__(self, zone: str, **values: Any) -> None:
        super().__init__(**values)
        self.zone = zone

    def validate_until(self, field: Field) -> None:
        """A ban ends on a day that is still to come, and in a year that anybody can foresee."""
        today = time_zones.wall(clock.now(), self.zone).date()
        if field.data is not None and not today <= field.data <= today + LONGEST_BAN:
            raise ValidationError(_("Choose a day within the next ten years, or leave empty."))

    def ends_at(self) -> datetime | None:
        """The first moment after the last day, by the group's clocks."""
        if self.until.data is None or not self.banned.data:
            return None
        return datetime.combine(self.until.data + timedelta(days=1), time(), ZoneInfo(self.zone))


class JoinForm(Form):
    """That the code of conduct was read, where there is one."""

    affirms = BooleanField(_l("I’ve read the code of conduct and agree to it"))
    #: the version that stood beside it
    code = HiddenField()

    def __init__(self, group: Group, **values: Any) -> None:
        super().__init__(**values)
        if not group.code_of_conduct:
            del self.affirms

    def code_version(self) -> int:
        """The version that was affirmed; 0 for none."""
        seen = self.code.data or ""
        affirmed = "affirms" in self._fields and self.affirms.data
        return int(seen) if affirmed and seen.isascii() and seen.isdigit() and len(seen) < 7 else 0


class RequestForm(JoinForm):
    """A word of someone who asks to be let in.

    `request_form` makes the form with a group's questions in it.
    """

    message = TextBlock(_l("About you"), most=1000)
    #: the digest of the questions that stood there
    asked = HiddenField()
    questions: Sequence[JoinQuestion] = ()

    @property
    def digest(self) -> str:
        """What the page says it has asked."""
        return questions.digest(self.questions)

    @property
    def answer_fields(self) -> list[Field]:
        """The fields of the questions, in their order."""
        return [self[questions.field_of(one)] for one in self.questions]

    def given(self) -> dict[str, Any]:
        """What the verb takes: the word, the answers by the ids of their questions, and what
        stood there to be read.
        """
        given: dict[UUID, Any] = {
            one.id: self[questions.field_of(one)].data for one in self.questions
        }
        seen = {"asked": self.asked.data or "", "code_version": self.code_version()}
        return {"message": self.message.data or "", "given": given, **seen}


def request_form(group: Group) -> RequestForm:
    """The form in which one asks to join this group."""
    asked = questions.of(group)
    fields = {questions.field_of(one): _field(one) for one in asked}
    made: RequestForm = type("AskedForm", (RequestForm,), {**fields, "questions": asked})(group)
    return made


def _field(question: JoinQuestion) -> Any:
    must = (
        [InputRequired(_l("Please answer this question."))]
        if question.is_required
        else [Optional()]
    )
    if question.kind == CHOICE:
        return RadioField(
            question.text,
            must,
            choices=choices_of((option, option) for option in question.options),
        )
    if question.kind == CHECKBOX:
        return BooleanField(question.text, must)
    return TextBlock(question.text, *must, most=1000)
