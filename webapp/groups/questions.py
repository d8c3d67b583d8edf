"""A group's questions to people who request to join: up to five, in order.

An answer stores its question's text, so it stays readable after the question has changed or gone.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db import ordering
from ..core.db.base import new_id
from ..core.db.session import one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.text.typed import same_words
from . import memberships
from .models import CHECKBOX, CHOICE, Group, JoinQuestion

MOST, LEAST_OPTIONS, MOST_OPTIONS, LONGEST_OPTION = 5, 2, 10, 100


def of(group: Group) -> list[JoinQuestion]:
    """Return the group's questions, in order."""
    query = sa.select(JoinQuestion).where(JoinQuestion.group_id == group.id)
    return list(db.session.scalars(query.order_by(JoinQuestion.position)))


def with_id(group: Group, question_id: UUID) -> JoinQuestion:
    """Return the group's question with this id. Raises NotFound."""
    return one_or_404(
        sa.select(JoinQuestion).where(
            JoinQuestion.id == question_id, JoinQuestion.group_id == group.id
        )
    )


def add(group: Group, by: User, id: UUID | None = None, **values: Any) -> JoinQuestion:
    """Add a question after the others."""
    group = memberships.hold(group)
    existing = of(group)
    if len(existing) >= MOST:
        raise UserError(_("You can have up to five questions."))
    question = JoinQuestion(id=id or new_id(), group_id=group.id, position=len(existing) + 1)
    _write(question, values)
    db.session.add(question)
    _notify(group, by)
    return question


def change(group: Group, question: JoinQuestion, by: User, **values: Any) -> None:
    """Change the question. Earlier answers keep the old text."""
    group = memberships.hold(group)
    _write(question, values)
    _notify(group, by)


def move_up(group: Group, question: JoinQuestion, by: User) -> None:
    """Move the question up by one, unless it is the first."""
    group = memberships.hold(group)
    ordering.move_up(of(group), question)
    _notify(group, by)


def remove(group: Group, question: JoinQuestion, by: User) -> None:
    """Remove the question."""
    group = memberships.hold(group)
    rest = [one for one in of(group) if one.id != question.id]
    db.session.delete(question)
    db.session.flush()
    ordering.number(rest)
    _notify(group, by)


def digest(questions: Sequence[JoinQuestion]) -> str:
    """Return a digest of the questions, to detect changes after a form was shown."""
    text = repr(
        [(str(one.id), one.text, one.kind, one.options, one.is_required) for one in questions]
    )
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def answered(group: Group, given: Mapping[UUID, Any], digest_shown: str) -> list[list[str]]:
    """Return the questions' texts with their answers. The caller has locked the group.

    Raises UserError if a required answer is missing, and Conflict if the questions have changed.
    """
    questions = of(group)
    if digest_shown != digest(questions):
        raise Conflict(_("The group has just changed its questions. Check them again."))
    found = []
    for one in questions:
        answer = given.get(one.id)
        if one.is_required and not answer:
            raise UserError(_("Please answer this question."), field_of(one))
        if one.kind == CHECKBOX:
            answer = _("Yes") if answer else _("No")
        if answer:
            found.append([one.text, str(answer)])
    return found


def field_of(question: JoinQuestion) -> str:
    """Return the name of the question's form field."""
    return f"answer_{question.id.hex}"


def _write(question: JoinQuestion, values: Mapping[str, Any]) -> None:
    different: dict[str, str] = {}
    for option in values["options"] if values["kind"] == CHOICE else ():
        different.setdefault(same_words(option), option)
    options = list(different.values())
    if values["kind"] == CHOICE and not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise UserError(_("Enter 2 to 10 different answers, one per line."), "options")
    if any(len(option) > LONGEST_OPTION for option in options):
        raise UserError(_("Each answer can have up to 100 characters."), "options")
    question.text, question.kind, question.options = values["text"], values["kind"], options
    question.is_required = values["is_required"]


def _notify(group: Group, by: User) -> None:
    db.session.flush()
    audit.record("questions.changed", by=by, subject=group)
