"""What a person plans to ask, and what every plan must satisfy before it becomes a vote."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from ..core.errors import RuleBroken
from ..groups.models import Group
from . import electorates
from .models import (
    AFTER_VOTING,
    APPROVAL,
    LEAST_OPTIONS,
    LOSE,
    MEMBERS,
    MOST_OPTIONS,
    OPENING,
    SINGLE,
    Event,
    Vote,
)

LONGEST_OPTION = 160


@dataclass(frozen=True)
class Plan:
    """A question as its author wants it. `opens_at` None is now; `choices_max` None is as many as there are options."""

    title: str
    options: tuple[str, ...]
    closes_at: datetime
    opens_at: datetime | None = None
    description: str = ""
    kind: str = SINGLE
    choices_min: int = 1
    choices_max: int | None = None
    results: str = AFTER_VOTING
    electorate: str = MEMBERS
    roles: tuple[str, ...] = ()
    roll_at: str = OPENING
    leavers: str = LOSE

    @property
    def limits(self) -> tuple[int, int]:
        """The fewest and the most options that a ballot may name."""
        if self.kind != APPROVAL:
            return 1, 1
        return self.choices_min, self.choices_max or len(self.options)

    @property
    def question(self) -> tuple[object, ...]:
        """What a ballot answers: frozen at the first one."""
        return self.title, self.kind, self.limits, tuple(self.options)


def question_of(vote: Vote) -> tuple[object, ...]:
    """The same of a vote that stands."""
    options = tuple(option.title for option in vote.options)
    return vote.title, vote.kind, (vote.choices_min, vote.choices_max), options


def check(plan: Plan, now: datetime, group: Group, event: Event | None) -> None:
    """Returns when the plan can become a vote of the group. Raises RuleBroken."""
    if not plan.title:
        raise RuleBroken(_("Ask a question: it is the title of the vote."), "title")
    check_options(plan.options)
    least, most = plan.limits
    if not 1 <= least <= most <= len(plan.options):
        raise RuleBroken(_("The fewest choices must be at least 1, and the most no more than there are options."), "choices_max")
    if plan.closes_at <= now:
        raise RuleBroken(_("Voting must close in the future."), "closes")
    if plan.closes_at <= (plan.opens_at or now):
        raise RuleBroken(_("Voting must close after it opens."), "closes")
    if event is not None and event.group_id != group.id:
        raise RuleBroken(_("That event belongs to another group."))
    electorates.check(plan, now, event)


def check_options(options: tuple[str, ...]) -> None:
    """Returns when there are 2 to 50 different options of bearable length. Raises RuleBroken."""
    if len(options) < LEAST_OPTIONS:
        raise RuleBroken(_("Give at least two options, one on each line."), "options")
    if len(options) > MOST_OPTIONS:
        raise RuleBroken(
            _("There are %(count)s options; %(most)s is the most.", count=len(options), most=MOST_OPTIONS), "options"
        )
    seen: dict[str, int] = {}
    for number, option in enumerate(options, 1):
        if len(option) > LONGEST_OPTION:
            raise RuleBroken(
                _("Option %(number)s is too long: %(most)s characters at most.", number=number, most=LONGEST_OPTION), "options"
            )
        first = seen.setdefault(option.casefold(), number)
        if first != number:
            raise RuleBroken(_("Option %(number)s repeats option %(first)s.", number=number, first=first), "options")
