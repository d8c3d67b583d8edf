"""Which lines of an inbox or digest are out of date: what they ask for is over, or what they're
about is gone.

A type of notification declares in `holds` the question that is asked whenever its lines are shown
or sent. All questions of a page are one statement.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from ..core.extensions import db
from .notification_types import NOTIFICATION_TYPES, SUBJECT_ID, Question


def outdated(reader: Any, lines: Iterable[Any]) -> Collection[uuid.UUID]:
    """Return the ids of those of the reader's lines that don't hold any more, or are for admins
    while the reader isn't one. One statement, or none.
    """
    others = set()
    asked: dict[Question, dict[uuid.UUID, list[uuid.UUID]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        kind, subject = NOTIFICATION_TYPES.get(line.kind), _subject(line)
        if kind is not None and kind.for_admins and not reader.is_admin:
            others.add(line.id)
        elif kind is not None and kind.holds is not None and subject is not None:
            asked[kind.holds][subject].append(line.id)
    if not asked:
        return others
    questions = list(asked)
    answers = [
        sa.select(sa.literal(place), question(reader, list(asked[question])).subquery().c[0])
        for place, question in enumerate(questions)
    ]
    for place, subject in db.session.execute(sa.union_all(*answers)):
        asked[questions[place]].pop(subject, None)
    return others.union(*(ids for about in asked.values() for ids in about.values()))


def _subject(line: Any) -> uuid.UUID | None:
    """Return the id of what the line is about: what it names, or what its scope names."""
    named = (line.params or {}).get(SUBJECT_ID) or (line.scope or "").rpartition(":")[2]
    try:
        return uuid.UUID(named)
    except ValueError:
        return None
