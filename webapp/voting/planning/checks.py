"""Checks that every plan must pass before it becomes a vote."""

from collections.abc import Callable, Collection
from datetime import datetime

from flask_babel import gettext as _

from ...agenda import moving
from ...core import i18n
from ...core.http.errors import UserError
from ...core.text.typed import same_words
from ...core.time import time_zones
from ...events.models import Event
from ...groups.models import Group
from ..electorate import electorates
from ..models import MOST_DOTS, OFF, OPENING
from ..tally.rules import KINDS, LEAST_OPTIONS, MOST_OPTIONS, PRESENT, PROPOSAL, VOICES
from .methods import METHODS
from .plan import Span, VotePlan, zone_of

LONGEST_OPTION = 160


def check(
    plan: VotePlan,
    now: datetime,
    group: Group,
    event: Event | None,
    existing: Collection[Span | None] = (),
) -> None:
    """Raises UserError if the plan can't become a vote of the group.
    `existing`: dates that are options already and may be in the past.
    """
    if not plan.title:
        raise UserError(_("Enter a question."), "title")
    kind = KINDS[plan.kind]
    if kind.has_dates:
        check_dates(plan.dates, now, zone_of(group, event), existing)
        _check_agenda(plan.dates, event, existing)
    elif kind.has_titles:
        check_options(plan.options, kind.options)
    for column, check_own in OWN_CHECKS.items():
        if column in METHODS[plan.kind].asks:
            check_own(plan)
    _check_threshold(plan, event)
    _check_times(plan, now)
    _check_secrecy(plan)
    if event is not None and event.group_id != group.id:
        raise UserError(_("That event belongs to another group."))
    electorates.check(plan, now, event)


def check_options(options: tuple[str, ...], limits: tuple[int, int]) -> None:
    """Raises UserError if options are too few, too many, too long or repeated."""
    least, most = limits
    if least == most != len(options):
        raise UserError(_("Enter exactly %(most)s options, one per line.", most=most), "options")
    if len(options) < least:
        raise UserError(_("Enter at least two options, one per line."), "options")
    if len(options) > most:
        raise UserError(
            _(
                "Enter up to %(most)s options. You have %(count)s.",
                count=len(options),
                most=most,
            ),
            "options",
        )
    seen: dict[str, int] = {}
    for number, option in enumerate(options, 1):
        if len(option) > LONGEST_OPTION:
            raise UserError(
                _(
                    "Option %(number)s is too long. Use up to %(most)s characters.",
                    number=number,
                    most=LONGEST_OPTION,
                ),
                "options",
            )
        first = seen.setdefault(same_words(option), number)
        if first != number:
            raise UserError(
                _("Option %(number)s is the same as option %(first)s.", number=number, first=first),
                "options",
            )


def check_dates(
    dates: tuple[Span, ...], now: datetime, zone: str, existing: Collection[Span | None] = ()
) -> None:
    """Raises UserError unless there are 2 to 50 different dates, all in the future except
    `existing` ones.
    """
    if len(dates) < LEAST_OPTIONS:
        raise UserError(_("Enter at least two dates."), "dates")
    if len(dates) > MOST_OPTIONS:
        raise UserError(
            _(
                "You have %(count)s dates. Use up to %(most)s.",
                count=len(dates),
                most=MOST_OPTIONS,
            ),
            "dates",
        )
    for number, date in enumerate(dates):
        values = {"date": i18n.moment(date[0], zone)}
        if date in dates[:number]:
            raise UserError(_("%(date)s is listed twice.", **values), "dates")
        if date[0] <= now and date not in existing:
            raise UserError(_("%(date)s is in the past. Enter a later date.", **values), "dates")


def _check_agenda(
    dates: tuple[Span, ...], event: Event | None, existing: Collection[Span | None]
) -> None:
    """Raises UserError if the event's agenda, which moves with it, doesn't fit into one of the
    dates.
    """
    if event is None:
        return
    agenda_ends = moving.last_end(event)
    for starts, ends in (date for date in dates if date not in existing):
        needed = agenda_ends(time_zones.wall(starts, event.zone))
        if needed > time_zones.wall(ends, event.zone):
            end = i18n.moment(time_zones.to_utc(needed, event.zone, 1), event.zone)
            sentence = _(
                "The event’s agenda would run until %(end)s. Choose a longer time, or shorten the "
                "agenda.",
                end=end,
            )
            raise UserError(sentence, "lasts")


def _check_times(plan: VotePlan, now: datetime) -> None:
    if plan.closes_at <= now:
        raise UserError(_("Enter a closing time in the future."), "closes")
    if plan.closes_at <= (plan.opens_at or now):
        raise UserError(_("Enter a closing time after the opening time."), "closes")


def _check_secrecy(plan: VotePlan) -> None:
    if not plan.is_secret:
        return
    if plan.reasons != OFF:
        raise UserError(
            _("A secret vote can’t ask for reasons, because wording reveals who wrote it."),
            "reasons",
        )
    if plan.roll_at != OPENING:
        raise UserError(
            _(
                "In a secret vote, the list of voters is fixed when voting opens, so that everyone "
                "can count it."
            ),
            "roll_at",
        )


def _check_threshold(plan: VotePlan, event: Event | None) -> None:
    if plan.quorum is not None and not 1 <= plan.quorum <= 100:
        raise UserError(_("Enter a quorum from 1 to 100 percent of those who can vote."), "quorum")
    measure = plan.rules["threshold_of"]
    if measure is None:
        return
    if not 1 <= plan.threshold_part <= plan.threshold_whole:
        raise UserError(_("Choose a share of at most 100 percent."), "threshold")
    if measure == VOICES and plan.kind != PROPOSAL:
        raise UserError(
            _("Only proposals use agree, disagree and block. Choose something else."),
            "threshold_of",
        )
    if measure == PRESENT and event is None:
        raise UserError(
            _("This works only in a vote about an event. Choose something else."),
            "threshold_of",
        )


def _check_choices(plan: VotePlan) -> None:
    least, most = plan.limits
    if not 1 <= least <= most <= len(plan.options):
        raise UserError(
            _(
                "The minimum must be at least 1, and the maximum no more than the number of "
                "options."
            ),
            "choices_max",
        )


def _check_points(plan: VotePlan) -> None:
    if not 2 <= plan.score_max <= 10:
        raise UserError(_("Enter a highest score from 2 to 10."), "score_max")


def _check_dots(plan: VotePlan) -> None:
    if not 1 <= plan.budget <= MOST_DOTS:
        raise UserError(_("Enter 1 to %(most)s dots per person.", most=MOST_DOTS), "budget")
    if plan.per_option is None:
        return
    if not 1 <= plan.per_option <= plan.budget:
        raise UserError(
            _("The most dots per option must be at least 1, and no more than each person has."),
            "per_option",
        )
    if plan.spend_all and plan.per_option * len(plan.options) < plan.budget:
        raise UserError(
            _("Allow more dots per option, so that people can use all of theirs."), "per_option"
        )


def _check_seats(plan: VotePlan) -> None:
    if not 1 <= plan.seats < len(plan.options):
        raise UserError(_("Enter at least 1 seat, and fewer seats than options."), "seats")


def _check_blocks(plan: VotePlan) -> None:
    if plan.blocks is not None and not 1 <= plan.blocks <= 1000:
        raise UserError(
            _("Enter at least 1, or leave empty if blocks don’t stop the proposal."), "blocks"
        )


#: A column that only some kinds use -> its check.
OWN_CHECKS: dict[str, Callable[[VotePlan], None]] = {
    "choices_max": _check_choices,
    "score_max": _check_points,
    "budget": _check_dots,
    "seats": _check_seats,
    "blocks": _check_blocks,
}
