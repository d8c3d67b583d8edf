"""Joining a group, and asking to: the word that comes along, the group's questions, and its code
of conduct.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField
from wtforms.validators import InputRequired, Optional

from ...core.forms import Form, Text, choices_of
from .. import questions
from ..models import CHECKBOX, CHOICE, Group, JoinQuestion


class JoinForm(Form):
    """That the code of conduct was read, where there is one."""

    affirms = BooleanField(_l("I have read the code of conduct, and keep to it"))
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

    `asked_by` makes the form with a group's questions in it.
    """

    message = Text(_l("A word about you"), most=1000)
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

    def told(self) -> dict[str, Any]:
        """What the verb takes: the word, the answers by the ids of their questions, and what
        stood there to be read.
        """
        given: dict[UUID, Any] = {
            one.id: self[questions.field_of(one)].data for one in self.questions
        }
        seen = {"asked": self.asked.data or "", "code_version": self.code_version()}
        return {"message": self.message.data or "", "given": given, **seen}


def asked_by(group: Group) -> RequestForm:
    """The form in which one asks to join this group."""
    asked = questions.of(group)
    fields = {questions.field_of(one): _field(one) for one in asked}
    made: RequestForm = type("AskedForm", (RequestForm,), {**fields, "questions": asked})(group)
    return made


def _field(question: JoinQuestion) -> Any:
    must = (
        [InputRequired(_l("The group would like to know this."))]
        if question.is_required
        else [Optional()]
    )
    if question.kind == CHOICE:
        return RadioField(
            question.words,
            must,
            choices=choices_of((option, option) for option in question.options),
        )
    if question.kind == CHECKBOX:
        return BooleanField(question.words, must)
    return Text(question.words, *must, most=1000)
