"""A day of an agenda as a table: a column for each room, and a row for each time span between
changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .reads import RoomRow, Slot


class TimetableCell(NamedTuple):
    """A cell: a session that spans rows and columns, or nothing."""

    session: Slot | None
    rows: int = 1
    columns: int = 1


class TimetableRow(NamedTuple):
    """A row and its start in UTC; `begins`: a session starts in it. Cells of earlier sessions
    extend into it.
    """

    starts_at: datetime
    cells: list[TimetableCell]
    begins: bool


class Timetable(NamedTuple):
    """The columns by room (None for sessions without one), and the rows; `cancelled` sessions are
    listed separately.
    """

    columns: list[RoomRow | None]
    rows: list[TimetableRow]
    cancelled: list[Slot]


#: Time -> index of its row.
Places = Mapping[datetime, int]


def draw(sessions: Sequence[Slot]) -> Timetable:
    """Lay out the sessions of a day. A session without a room that overlaps no other spans all
    columns, such as a common lunch.
    """
    here = [one for one in sessions if one.cancelled_at is None]
    common = {
        one.id for one in here if one.room is None and not any(_touch(one, other) for other in here)
    }
    lanes = _lanes([one for one in here if one.id not in common]) or [(None, [])]
    moments = sorted({moment for one in here for moment in (one.starts_at, one.ends_at)})
    places = {moment: number for number, moment in enumerate(moments)}
    across = _by_row((one for one in here if one.id in common), places)
    held = [_by_row(lane, places) for _room, lane in lanes]
    rows = [
        _row(number, moment, across, held, places) for number, moment in enumerate(moments[:-1])
    ]
    return Timetable(
        [room for room, _ in lanes], rows, [one for one in sessions if one.cancelled_at is not None]
    )


def _touch(one: Slot, other: Slot) -> bool:
    return one.id != other.id and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _lanes(sessions: Sequence[Slot]) -> list[tuple[RoomRow | None, list[Slot]]]:
    """Return the sessions by column: one per room, and as many as needed for sessions without a
    room.
    """
    rooms: dict[Any, tuple[RoomRow | None, list[Slot]]] = {}
    loose: list[tuple[RoomRow | None, list[Slot]]] = []
    for one in sorted(sessions, key=lambda one: (one.starts_at, one.id)):
        if one.room is not None:
            rooms.setdefault(one.room.id, (one.room, []))[1].append(one)
            continue
        free = next((lane for _room, lane in loose if lane[-1].ends_at <= one.starts_at), None)
        if free is None:
            loose.append((None, [one]))
        else:
            free.append(one)
    return [*sorted(rooms.values(), key=lambda lane: lane[0].position if lane[0] else 0), *loose]


def _by_row(lane: Iterable[Slot], places: Places) -> dict[int, Slot]:
    """The session in each row of the column; the first if there are two at once."""
    found: dict[int, Slot] = {}
    for one in lane:
        for number in range(places[one.starts_at], places[one.ends_at]):
            found.setdefault(number, one)
    return found


def _row(
    number: int,
    moment: datetime,
    across: Mapping[int, Slot],
    held: Sequence[Mapping[int, Slot]],
    places: Places,
) -> TimetableRow:
    one = across.get(number)
    if one is not None:
        starts = one.starts_at == moment
        return TimetableRow(
            moment,
            [TimetableCell(one, places[one.ends_at] - number, len(held))] if starts else [],
            starts,
        )
    cells, begins = [], False
    for lane in held:
        at = lane.get(number)
        if at is None:
            cells.append(TimetableCell(None))
        elif at.starts_at == moment:
            cells.append(TimetableCell(at, places[at.ends_at] - number))
            begins = True
    return TimetableRow(moment, cells, begins)
