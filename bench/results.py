"""The result of a row, and its targets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass
class Result:
    """The figures of one row on one database; None where one doesn't apply. Times are in ms."""

    row: str
    rate: float | None = None
    p50: float | None = None
    p99: float | None = None
    statements: float | None = None
    #: milliseconds of processor time of the web workers, per request
    cpu: float | None = None
    #: milliseconds of processor time of all PostgreSQL processes, per request
    database_cpu: float | None = None
    #: memory of the largest worker in megabytes
    rss: float | None = None
    pss: float | None = None
    #: rate of the constant response on the same server, measured shortly before
    constant: float | None = None
    #: further figures of this row, by name
    figures: dict[str, float] = field(default_factory=dict)
    note: str = ""
    reach: str = ""
    missed: list[str] = field(default_factory=list)
    failed: str = ""
    #: seconds that the whole row took
    seconds: float = 0

    @property
    def c(self) -> float | None:
        """Return the rate as a share of the constant response's rate."""
        return self.rate / self.constant if self.rate and self.constant else None


class Target(NamedTuple):
    """A target of a row, in words, and the test whether a result meets it."""

    words: str
    is_met: Callable[[Result], bool]
    is_for_sqlite: bool = True


def share(least: float) -> Target:
    """Require at least this share of the constant response's rate."""
    return Target(f"≥ {least:g} c", lambda result: (result.c or 0) >= least)


def statements(most: int) -> Target:
    """Allow at most this many SQL statements per request."""
    return Target(f"≤ {most} SQL", lambda result: (result.statements or 0) <= most + 0.05)


def cpu(most: float) -> Target:
    """Allow at most this many milliseconds of the workers' processor time per request."""
    return Target(f"≤ {most:g} ms app", lambda result: (result.cpu or 0) <= most)


def database_cpu(most: float) -> Target:
    """Allow at most this many milliseconds of PostgreSQL's processor time per request."""
    return Target(
        f"≤ {most:g} ms PostgreSQL", lambda result: (result.database_cpu or 0) <= most, False
    )


def figure(name: str, most: float, words: str) -> Target:
    """Require that this figure of the row is at most `most`."""
    return Target(words, lambda result: result.figures[name] <= most)


def at_least(name: str, least: float, words: str) -> Target:
    """Require that this figure of the row is at least `least`."""
    return Target(words, lambda result: result.figures[name] >= least)
