"""Where the stones of a ring stand. Pure; the templates draw what it returns."""

from itertools import count
from math import ceil, cos, radians, sin

MOST = 120
DOORWAY = 46  # degrees left open at the bottom
QUEUE_SHOWN = 7
#: x, y, angle, kind, width, height
Stone = tuple[float, float, int, str, float, float]
SIZES: dict[int, float] = {1: 13, 2: 10.5, 3: 8, 4: 6.6}


def stones_each(total: int) -> int:
    """How many people one stone stands for: 1 up to 120, then the next of 2, 5, 10, 20, 50 …"""
    steps = (n * 10**power for power in count() for n in (1, 2, 5))
    return next(each for each in steps if ceil(total / each) <= MOST)


def ring_stones(total: int, taken: int, mine: int = 0, waiting: int = 0) -> list[Stone]:
    """Stones on one to four circles with a doorway below, then the queue outside it.

    A list of (x, y, angle, kind, width, height) in a box of 200 by 216; kind is t(aken), m(ine),
    w(aiting) or "". A ring is only drawn full when it is full, and only drawn empty when it is
    empty.
    """
    each = stones_each(total)
    stones = ceil(total / each)
    mine = _filled(mine, total, each, stones)
    taken = max(mine, _filled(taken, total, each, stones))
    size = SIZES[_circles(stones)]
    drawn: list[Stone] = []
    for place, (angle, radius) in enumerate(_places(stones)):
        kind = "m" if place < mine else "t" if place < taken else ""
        x, y = 100 + radius * sin(radians(angle)), 100 - radius * cos(radians(angle))
        drawn.append((round(x, 1), round(y, 1), round(angle % 360), kind, size, _height(size)))
    for place in range(min(waiting, QUEUE_SHOWN)):
        drawn.append((round(100 + place * size * 1.6, 1), 207, 0, "w", size, _height(size)))
    return drawn


def _filled(people: int, total: int, each: int, stones: int) -> int:
    """The stones that so many people fill: at least one for anyone, all only for everyone."""
    if people >= total:
        return stones
    return min(ceil(people / each), max(stones - 1, 0))


def _circles(stones: int) -> int:
    return 1 if stones <= 18 else 2 if stones <= 48 else 3 if stones <= 84 else 4


def _height(size: float) -> float:
    return round(size * 1.45, 1)


def _places(stones: int) -> list[tuple[float, float]]:
    """Angle and radius of every stone, clockwise from the doorway."""
    circles = _circles(stones)
    radii = [92 - ring * SIZES[circles] * 1.9 for ring in range(circles)]
    left, places = stones, []
    for ring, radius in enumerate(radii):
        here = left if ring == circles - 1 else round(stones * radius / sum(radii))
        left -= here
        for place in range(here):
            share = place / (here - 1) if here > 1 else 0.5
            places.append((180 + DOORWAY / 2 + (360 - DOORWAY) * share, radius))
    return sorted(places)
