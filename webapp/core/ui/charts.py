"""Charts over time as SVG shapes in a box of 600 by 200, bars, and an event's seats as a ring of
stones.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import count
from math import ceil, cos, radians, sin
from typing import Any, NamedTuple

WIDTH, HEIGHT = 600, 200
#: The least top of the axis: a group of two shouldn't look like a mountain.
LEAST = 4
#: Shares close to a limit have at most this many decimals.
MOST_DECIMALS = 4


class ChartLine(NamedTuple):
    """A path and its label; the second line is dotted."""

    path: str
    words: Any


class Chart(NamedTuple):
    """A chart over time. `ticks`: the numbers at the side, from the top. `days`: the dates below.

    `area` is the shape under the first line. `limit` is the height and label of a dashed line.
    """

    finding: str
    ticks: list[int]
    days: list[date]
    lines: list[ChartLine]
    area: str
    limit: tuple[float, str] | None = None


class ChartShare(NamedTuple):
    """A bar: its label, its number, its length in percent of the total, and that as text."""

    words: str
    number: int
    percent: float
    share: str


def shares(counted: Sequence[tuple[str, int]]) -> list[ChartShare]:
    """Return bars of numbers, each as long as its share of the total; the macro `bar` draws
    them.
    """
    total = sum(number for _words, number in counted)
    written = percentages([number for _words, number in counted], total)
    return [
        ChartShare(words, number, round(100 * number / total, 1) if total else 0, share)
        for (words, number), share in zip(counted, written, strict=True)
    ]


def percentages(
    parts: Sequence[int | Fraction], whole: int | Fraction, limits: Sequence[Fraction] = ()
) -> list[str]:
    """Return each part in percent of the whole, such as “34”.

    Each is rounded by itself, so that equal parts look equal; a sum may be 99 or 101. A number that
    rounding would move onto or across a limit (a share of the whole; 0 and 1 are always limits)
    gets decimals: “49.9”, not “50”.
    """
    if not whole:
        return ["0"] * len(parts)
    exact = [100 * Fraction(part) / Fraction(whole) for part in parts]
    edges = [Fraction(0), Fraction(100), *(100 * limit for limit in limits)]
    return [_written(one, edges) for one in exact]


def _half_up(number: Fraction) -> int:
    return int(number + Fraction(1, 2))


def _written(exact: Fraction, edges: list[Fraction]) -> str:
    """Return the rounded number, or enough decimals that it is on the same side of each edge."""
    number, places = Fraction(_half_up(exact)), 0
    while places < MOST_DECIMALS and any(_misleads(number, exact, edge) for edge in edges):
        places += 1
        number = Fraction(_half_up(exact * 10**places), 10**places)
    return f"{float(number):.{places}f}"


def _misleads(number: Fraction, exact: Fraction, edge: Fraction) -> bool:
    return exact != edge and (number == edge or (number > edge) != (exact > edge))


def draw_chart(
    finding: str,
    days: Sequence[date],
    series: Sequence[tuple[Any, list[int]]],
    limit: tuple[int, str] | None = None,
) -> Chart:
    """Return a chart of series (label, a number for each day), with a limit (number, label)."""
    top = top_of(
        max(
            [
                *(number for _words, numbers in series for number in numbers),
                limit[0] if limit else 0,
            ]
        )
    )
    lines = [ChartLine(_stairs(numbers, top), words) for words, numbers in series]
    shown = sorted({days[round(at * (len(days) - 1) / 4)] for at in range(5)})
    ceiling = (_height(limit[0], top), limit[1]) if limit else None
    return Chart(finding, [top, top // 2, 0], shown, lines, f"{lines[0].path}V{HEIGHT}H0z", ceiling)


def days_back(begins: date, today: date, count: int, step: timedelta) -> list[date]:
    """Return at most `count` days up to today, `step` apart, none before `begins`."""
    begins = max(today - step * (count - 1), begins)
    if begins >= today:
        return [begins]
    return [
        begins,
        *sorted(day for day in (today - step * back for back in range(count)) if day > begins),
    ]


def top_of(most: int) -> int:
    """Return the least round even number that isn't below `most`: 4, 6, 10, 20, 40, 60,
    100, 200 …
    """
    scale = 1
    while most > 10 * scale:
        scale *= 10
    return next(
        step * scale for step in (2, 4, 6, 10) if most <= step * scale and step * scale >= LEAST
    )


def _stairs(numbers: Sequence[int], top: int) -> str:
    """Draw a step line: people come whole.

    A single point is a level line.
    """
    heights = [_height(number, top) for number in numbers]
    across = [round(WIDTH * place / max(1, len(numbers) - 1), 1) for place in range(len(numbers))]
    stairs = "".join(f"H{x}V{y}" for x, y in zip(across[1:], heights[1:], strict=True))
    return f"M0 {heights[0]}{stairs or f'H{WIDTH}'}"


def _height(number: int, top: int) -> float:
    return round(HEIGHT * (1 - number / top), 1)


MOST_STONES = 120
DOORWAY = 46  # degrees left open at the bottom
WAITLIST_SHOWN = 7
#: x, y, angle, kind, width, height
Stone = tuple[float, float, int, str, float, float]
STONE_SIZES: dict[int, float] = {1: 13, 2: 10.5, 3: 8, 4: 6.6}


def stones_each(total: int) -> int:
    """Return how many people one stone stands for: 1 up to 120, then 2, 5, 10, 20, 50 …"""
    steps = (n * 10**power for power in count() for n in (1, 2, 5))
    return next(each for each in steps if ceil(total / each) <= MOST_STONES)


def ring_stones(total: int, taken: int, mine: int = 0, waiting: int = 0) -> list[Stone]:
    """Return stones on one to four circles with a gap below, then those of the waiting list.

    Each is (x, y, angle, kind, width, height) in a box of 200 by 216. The kind is t(aken), m(ine),
    w(aiting) or "". The ring looks full only if the event is full, and empty only if it is empty.
    """
    each = stones_each(total)
    stones = ceil(total / each)
    mine = _filled(mine, total, each, stones)
    taken = max(mine, _filled(taken, total, each, stones))
    size = STONE_SIZES[_circles(stones)]
    drawn: list[Stone] = []
    for place, (angle, radius) in enumerate(_places(stones)):
        kind = "m" if place < mine else "t" if place < taken else ""
        x, y = 100 + radius * sin(radians(angle)), 100 - radius * cos(radians(angle))
        drawn.append(
            (round(x, 1), round(y, 1), round(angle % 360), kind, size, _stone_height(size))
        )
    for place in range(min(waiting, WAITLIST_SHOWN)):
        drawn.append((round(100 + place * size * 1.6, 1), 207, 0, "w", size, _stone_height(size)))
    return drawn


def _filled(people: int, total: int, each: int, stones: int) -> int:
    """Return how many stones this many people fill: at least one for anyone, all only for
    everyone.
    """
    if people >= total:
        return stones
    return min(ceil(people / each), max(stones - 1, 0))


def _circles(stones: int) -> int:
    return 1 if stones <= 18 else 2 if stones <= 48 else 3 if stones <= 84 else 4


def _stone_height(size: float) -> float:
    return round(size * 1.45, 1)


def _places(stones: int) -> list[tuple[float, float]]:
    """Return the angle and radius of every stone, clockwise from the gap."""
    circles = _circles(stones)
    radii = [92 - ring * STONE_SIZES[circles] * 1.9 for ring in range(circles)]
    left, places = stones, []
    for ring, radius in enumerate(radii):
        here = left if ring == circles - 1 else round(stones * radius / sum(radii))
        left -= here
        for place in range(here):
            share = place / (here - 1) if here > 1 else 0.5
            places.append((180 + DOORWAY / 2 + (360 - DOORWAY) * share, radius))
    return sorted(places)
