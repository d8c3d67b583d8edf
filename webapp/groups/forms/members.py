"""Forms to join a group, request to join, answer requests, and manage members.

People who join may have to agree to a code of conduct; a request also has a message and answers to
questions.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField
from wtforms.validators import InputRequired, Optional, ValidationError

from ...core.http.forms import CalendarDate, Form, TextBlock, TextLine, choices_of
from ...core.time import clock, time_zones
from .. import questions
from ..access import ROLE_NAMES
from ..models import CHECKBOX, CHOICE, Group, JoinQuestion

LONGEST_BAN = timedelta(days=3653)
ANSWERS = [("approve", _l("Approve")), ("decline", _l("Decline")), ("ignore", _l("Ignore"))]


class AnswerForm(Form):
    """Approve, decline or ignore a request."""

    do = RadioField(_l("Answer"), choices=choices_of(ANSWERS))
    answer = TextLine(_l("Message"), most=200)


class RoleForm(Form):
    """A member's role, out of those that the manager may give."""

    role = RadioField(_l("Role"))

    def __init__(self, roles: list[str], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = choices_of((role, ROLE_NAMES[role]) for role in roles)


class OwnershipForm(Form):
    """What happens to the person who offers ownership once it is accepted."""

    steps_down = RadioField(
        _l("Your role afterwards"),
        choices=choices_of([("", _l("I stay an owner")), ("y", _l("I become an organizer"))]),
        default="",
    )


class MemberRemovalForm(Form):
    """Why someone is removed, and whether they are banned."""

    reason = TextLine(_l("Reason"), most=200)
    banned = BooleanField(_l("Ban them from joining or asking again"))
    until = CalendarDate(_l("Last day of the ban"), [Optional()])

    def __init__(self, zone: str, **values: Any) -> None:
        super().__init__(**values)
        self.zone = zone

    def validate_until(self, field: Field) -> None:
        """Require the last day of a ban to be in the next ten years."""
        today = time_zones.wall(clock.now(), self.zone).date()
        if field.data is not None and not today <= field.data <= today + LONGEST_BAN:
            raise ValidationError(_("Choose a day within the next ten years, or leave empty."))

    def ends_at(self) -> datetime | None:
        """Return the moment after the last day of the ban, in the group's zone; None without an
        end.
        """
        if self.until.data is None or not self.banned.data:
            return None
        return datetime.combine(self.until.data + timedelta(days=1), time(), ZoneInfo(self.zone))


class JoinForm(Form):
    """Agreement to the code of conduct, if there is one."""

    affirms = BooleanField(_l("I’ve read the code of conduct and agree to it"))
    #: The version shown beside the box.
    code = HiddenField()

    def __init__(self, group: Group, **values: Any) -> None:
        super().__init__(**values)
        if not group.code_of_conduct:
            del self.affirms

    def code_version(self) -> int:
        """Return the version that was agreed to; 0 for none."""
        version = self.code.data or ""
        affirmed = "affirms" in self and self.affirms.data
        return (
            int(version)
            if affirmed and version.isascii() and version.isdigit() and len(version) < 7
            else 0
        )


class RequestForm(JoinForm):
    """A request to join.

    `request_form` creates it with the group's questions.
    """

    message = TextBlock(_l("About you"), most=1000)
    #: Digest of the questions that the page showed.
    asked = HiddenField()
    questions: Sequence[JoinQuestion] = ()

    @property
    def digest(self) -> str:
        """The digest of the questions to render into the page."""
        return questions.digest(self.questions)

    @property
    def answer_fields(self) -> list[Field]:
        """The questions' fields, in order."""
        return [self[questions.field_of(one)] for one in self.questions]

    def given(self) -> dict[str, Any]:
        """Return the arguments of `requests.ask`: message, answers by question id, and what was
        shown.
        """
        given: dict[UUID, Any] = {
            one.id: self[questions.field_of(one)].data for one in self.questions
        }
        consent = {"questions_digest": self.asked.data or "", "code_version": self.code_version()}
        return {"message": self.message.data or "", "given": given, **consent}


def request_form(group: Group) -> RequestForm:
    """Create the form to request to join this group."""
    group_questions = questions.of(group)
    fields = {questions.field_of(one): _field(one) for one in group_questions}
    made: RequestForm = type("AskedForm", (RequestForm,), {**fields, "questions": group_questions})(
        group
    )
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
