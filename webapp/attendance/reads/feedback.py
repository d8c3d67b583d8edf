"""What hosts see of feedback: the average, the distribution of stars, and the comments."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from babel.numbers import format_decimal
from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import joinedload

from ...core import i18n
from ...core.extensions import db
from ...core.http.pages import Page
from ...core.ui import charts
from ...events.models import ANONYMOUS, Event
from ..models import Feedback

SIZE = 30


class FeedbackComment(NamedTuple):
    """A comment; `name` is empty if feedback is anonymous."""

    name: str
    stars: int
    comment: str


class Results(NamedTuple):
    """How many people gave feedback, the average in words, and a bar for each number of stars, five
    first.
    """

    number: int
    average: str
    finding: str
    bars: list[charts.ChartShare]


def results_of(event: Event) -> Results:
    """Return the stars that hosts may see now. One statement."""
    stars = _stars(event)
    counted = (
        sa.select(stars, sa.func.count())
        .where(Feedback.event_id == event.id, stars.is_not(None))
        .group_by(stars)
    )
    found: dict[int, int] = {row[0]: row[1] for row in db.session.execute(counted)}
    number = sum(found.values())
    if not number:
        return Results(0, "", "", [])
    mean = sum(stars * times for stars, times in found.items()) / number
    average = format_decimal(round(mean, 1), format="0.0", locale=i18n.locale_code())
    finding = ngettext(
        "%(average)s out of 5 · 1 rating",
        "%(average)s out of 5 · %(num)d ratings",
        number,
        average=average,
    )
    bars = charts.shares([(words_for(stars), found.get(stars, 0)) for stars in range(5, 0, -1)])
    return Results(number, average, finding, bars)


def comments_of(event: Event, number: int = 1) -> Page:
    """Return a page of comments, most stars first, otherwise in random order.

    Two statements.
    """
    words = Feedback.shown_comment if event.feedback == ANONYMOUS else Feedback.comment
    here = (Feedback.event_id == event.id, words != "", _stars(event).is_not(None))
    total = db.session.scalar(sa.select(sa.func.count()).where(*here)) or 0
    query = (
        sa.select(Feedback)
        .where(*here)
        .options(joinedload(Feedback.user), joinedload(Feedback.guest))
    )
    query = (
        query.order_by(_stars(event).desc(), Feedback.id).limit(SIZE).offset((number - 1) * SIZE)
    )
    return Page([_comment(event, row) for row in db.session.scalars(query)], total, number, SIZE)


def _comment(event: Event, row: Feedback) -> FeedbackComment:
    if event.feedback == ANONYMOUS:
        return FeedbackComment("", row.shown_stars or 0, row.shown_comment)
    who = row.user or row.guest
    return FeedbackComment(who.name if who is not None else _("Someone"), row.stars, row.comment)


def _stars(event: Event) -> Any:
    return Feedback.shown_stars if event.feedback == ANONYMOUS else Feedback.stars


def words_for(stars: int) -> str:
    """Return “1 star” or “5 stars”."""
    return ngettext("1 star", "%(num)d stars", stars)
