"""What a row found, and what it is measured by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass
class Result:
    """The figures of one row on one database; what does not apply is None."""

    row: str
    rate: float | None = None
    p50: float | None = None
    p99: float | None = None
    statements: float | None = None
    #: milliseconds of processor in the workers, a request
    cpu: float | None = None
    #: milliseconds of processor in all processes of PostgreSQL, a request
    database_cpu: float | None = None
    #: megabytes of the largest worker
    rss: float | None = None
    pss: float | None = None
    #: the constant response's rate on the same server, just before
    constant: float | None = None
    #: what this row alone measures, by name
    figures: dict[str, float] = field(default_factory=dict)
    note: str = ""
    reach: str = ""
    missed: list[str] = field(default_factory=list)
    failed: str = ""
    #: how long the whole row took
    seconds: float = 0

    @property
    def c(self) -> float | None:
        """The rate as a share of the constant response's."""
        return self.rate / self.constant if self.rate and self.constant else None


class Target(NamedTuple):
    """What a row should reach, in words, and whether a result does."""

    words: str
    is_met: Callable[[Result], bool]
    is_for_sqlite: bool = True


def share(least: float) -> Target:
    """At least so much of the constant response's rate."""
    return Target(f"≥ {least:g} c", lambda result: (result.c or 0) >= least)


def statements(most: int) -> Target:
    """At most so many SQL statements a request."""
    return Target(f"≤ {most} SQL", lambda result: (result.statements or 0) <= most + 0.05)


def cpu(most: float) -> Target:
    """At most so many milliseconds of the workers' processor a request."""
    return Target(f"≤ {most:g} ms app", lambda result: (result.cpu or 0) <= most)


def database_cpu(most: float) -> Target:
    """At most so many milliseconds of PostgreSQL's processor a request."""
    return Target(
        f"≤ {most:g} ms PostgreSQL", lambda result: (result.database_cpu or 0) <= most, False
    )


def figure(name: str, most: float, words: str) -> Target:
    """The row's own figure is at most so much."""
    return Target(words, lambda result: result.figures[name] <= most)


def at_least(name: str, least: float, words: str) -> Target:
    """The row's own figure is at least so much."""
    return Target(words, lambda result: result.figures[name] >= least)
