"""How many belonged to a group, as a picture: the shapes for the SVG, the words beside it, and the finding in a sentence."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core.language import short_date
from . import days
from .days import Point
from .models import Group

WIDTH, HEIGHT = 600, 200
#: The axis reaches so high at least: a group of two is no mountain.
LEAST = 4
#: A young group is drawn day by day, an older one week by week, for a year.
YOUNG = timedelta(days=60)


class Picture(NamedTuple):
    """`line` and `area` are paths; `ticks` the numbers at the side, from the top; `days` those below; `rows` the table."""

    line: str
    area: str
    ticks: list[int]
    days: list[date]
    finding: str
    rows: list[Point]


def picture(group: Group, now: datetime) -> Picture:
    """The group's last year. One statement, however many came and went."""
    is_young = now - group.created_at < YOUNG
    step = timedelta(days=1 if is_young else 7)
    points = days.points(group, now, 61 if is_young else 53, step)
    top = _top(max(point.members for point in points))
    line = _line(points, top)
    shown = sorted({points[round(at * (len(points) - 1) / 4)].day for at in range(5)})
    changed = [point for point in reversed(points) if point.came or point.went]
    return Picture(line, f"{line}V{HEIGHT}H0z", [top, top // 2, 0], shown, _finding(points), changed)


def _line(points: Sequence[Point], top: int) -> str:
    """From each point to the next as a stair: nobody is a member by halves. A single point is a level line."""
    heights = [round(HEIGHT * (1 - point.members / top), 1) for point in points]
    across = [round(WIDTH * place / max(1, len(points) - 1), 1) for place in range(len(points))]
    stairs = "".join(f"H{x}V{y}" for x, y in zip(across[1:], heights[1:], strict=True))
    return f"M0 {heights[0]}{stairs or f'H{WIDTH}'}"


def _top(most: int) -> int:
    """The least round and even number that is not below: 4, 6, 10, 20, 40, 60, 100, 200 and so on."""
    scale = 1
    while most > 10 * scale:
        scale *= 10
    return next(step * scale for step in (2, 4, 6, 10) if most <= step * scale and step * scale >= LEAST)


def _finding(points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    came, went = sum(point.came for point in points[1:]), sum(point.went for point in points[1:])
    now = ngettext("One member today", "%(num)d members today", last.members)
    if len(points) < 2:
        return now + "."
    since = _("%(now)s, %(then)s on %(day)s.", now=now, then=first.members, day=short_date(first.day))
    moved = _("%(came)s came and %(went)s left in between.", came=came, went=went)
    return f"{since} {moved}"
