"""Reports: three cases wait, two are decided."""

from dataclasses import dataclass

from ...moderation import decisions, reports as verbs
from ...moderation.reportable_types import THINGS
from . import texts, world
from .events import Events
from .groups import Groups
from .people import Cast


@dataclass(frozen=True)
class Reported:
    """A report `days` ago: an event's key or a person's name, what was said, and the decision."""

    what: str
    said: list[dict[str, str]]
    days: int
    group: str = ""
    decided: dict[str, str] | None = None


def create(cast: Cast, groups: Groups, events: Events) -> None:
    """Create all reports, and decide some a day later."""
    for one in texts.rows(Reported, texts.load("reports")):
        _report(one, cast, groups, events)


def _report(one: Reported, cast: Cast, groups: Groups, events: Events) -> None:
    kind, thing = ("person", cast[one.what]) if one.what in cast else ("event", events[one.what])
    for number, said in enumerate(one.said):
        by = cast[said["by"]] if "by" in said else None  # None is a visitor
        with world.at(world.ago(days=one.days, hours=-number)):
            row = verbs.report(
                THINGS[kind], thing, by, said["rule"], said["words"], groups.get(one.group)
            )
    case = row.case
    if one.decided is not None:
        act, judge, words = (one.decided[name] for name in ("outcome", "by", "words"))
        with world.at(world.ago(days=one.days - 1)):
            decisions.decide(case, act, one.decided.get("rule"), words, cast[judge], case.version)
