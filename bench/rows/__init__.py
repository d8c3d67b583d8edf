"""The rows of the table, in its order.

Each is a function from a bench to a result, with a name and targets.
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from ..bench import Bench
from ..results import Result, Target

MODULES = (
    "constant",
    "pages",
    "kept",
    "neighbour",
    "lists",
    "directory",
    "sizes",
    "hosts",
    "agenda",
    "boards",
    "talk",
    "gallery",
    "answers",
    "ballots",
    "votes_of_every_kind",
    "inbox",
    "many_recipients",
    "sign_ins",
    "streams",
    "live_results",
    "presence",
    "visits",
    "calendars",
    "check_in",
    "emails",
    "mixed",
    "memory",
)


class Row(NamedTuple):
    """One line of the table."""

    name: str
    measure: Callable[[Bench], Result]
    targets: tuple[Target, ...]
    databases: tuple[str, ...]


ROWS: list[Row] = []


def row(
    name: str, *targets: Target, databases: tuple[str, ...] = ("postgresql", "sqlite")
) -> Callable[..., Callable[[Bench], Result]]:
    """Register the decorated function as the row of this name."""

    def register(measure: Callable[[Bench], Result]) -> Callable[[Bench], Result]:
        ROWS.append(Row(name, measure, targets, databases))
        return measure

    return register


def chosen(words: str) -> list[Row]:
    """Return the rows whose names contain one of the words, separated by commas; all rows without
    any.
    """
    for module in MODULES:
        import_module(f".{module}", __name__)
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    return [row for row in ROWS if not wanted or any(word in row.name for word in wanted)]
