"""What is counted, drawn over time: the shapes for the SVG, in a box of 600 by 200, and the
words and numbers beside it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

WIDTH, HEIGHT = 600, 200
#: The axis reaches so high at least: a group of two is no mountain.
LEAST = 4


class ChartLine(NamedTuple):
    """A path, and what it shows; a second line is dotted."""

    path: str
    words: Any


class Chart(NamedTuple):
    """`ticks`: the numbers at the side, from the top; `days` those below; `area` is what lies under
    the first line; `limit` is the height of a dashed line with its words, where there is one."""

    finding: str
    ticks: list[int]
    days: list[date]
    lines: list[ChartLine]
    area: str
    limit: tuple[float, str] | None = None


class ChartShare(NamedTuple):
    """A bar: what it counts, how many, and how long it is, in percent of all."""

    words: str
    number: int
    percent: float


def shares(counted: Sequence[tuple[str, int]]) -> list[ChartShare]:
    """The bars of numbers that belong together, each as long as its part of all; the macro `bar`
    draws them.
    """
    total = sum(number for _words, number in counted)
    return [
        ChartShare(words, number, round(100 * number / total, 1) if total else 0)
        for words, number in counted
    ]


def draw_chart(
    finding: str,
    days: Sequence[date],
    series: Sequence[tuple[Any, list[int]]],
    limit: tuple[int, str] | None = None,
) -> Chart:
    """The chart of some series (words, and a number for each day), with a limit (number and
    words).
    """
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
    """At most `count` days up to today, `step` apart, the first of them `begins` or later."""
    begins = max(today - step * (count - 1), begins)
    if begins >= today:
        return [begins]
    return [
        begins,
        *sorted(day for day in (today - step * back for back in range(count)) if day > begins),
    ]


def top_of(most: int) -> int:
    """The least round and even number that is not below: 4, 6, 10, 20, 40, 60, 100, 200 and so
    on.
    """
    scale = 1
    while most > 10 * scale:
        scale *= 10
    return next(
        step * scale for step in (2, 4, 6, 10) if most <= step * scale and step * scale >= LEAST
    )


def _stairs(numbers: Sequence[int], top: int) -> str:
    """From each point to the next as a stair: nobody comes by halves.

    A single point is a level line.
    """
    heights = [_height(number, top) for number in numbers]
    across = [round(WIDTH * place / max(1, len(numbers) - 1), 1) for place in range(len(numbers))]
    stairs = "".join(f"H{x}V{y}" for x, y in zip(across[1:], heights[1:], strict=True))
    return f"M0 {heights[0]}{stairs or f'H{WIDTH}'}"


def _height(number: int, top: int) -> float:
    return round(HEIGHT * (1 - number / top), 1)
