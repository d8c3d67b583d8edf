"""A group's defaults for new votes, set by its owners and organizers."""

from datetime import datetime, time, timedelta
from typing import Any

from ...accounts.models import User
from ...core.extensions import db
from ...core.observability import audit
from ...core.time import clock, time_zones
from ...groups.models import Group
from ...groups.permissions import save_defaults
from ..models import CLOSE, VoteDefault

NAMES = ("kind", "results", "electorate", "days")
#: Voting that lasts some days ends in the evening, when people are at home.
EVENING = time(20)
#: How many days people can vote if the group has no default.
USUAL_DAYS = 7


def of(group: Group) -> VoteDefault | None:
    """Return the group's defaults; None if it has none."""
    return db.session.get(VoteDefault, group.id)


def save(group: Group, by: User, **values: Any) -> None:
    """Save the group's defaults for new votes. Existing votes don't change."""
    save_defaults(VoteDefault, group, {name: values[name] for name in NAMES})
    audit.record("vote_default.changed", by=by, subject=group)


def form_values(group: Group, zone: str) -> dict[str, Any]:
    """Return the form's initial values, in this zone."""
    default = of(group)
    values: dict[str, Any] = (
        {name: getattr(default, name) for name in NAMES[:-1]} if default is not None else {}
    )
    if group.member_count == 1:
        values["roll_at"] = CLOSE  # people who join later are the ones to ask
    days = (default.days if default is not None else None) or USUAL_DAYS
    last = time_zones.wall(clock.now(), zone).date() + timedelta(days=days)
    return {**values, "closes": datetime.combine(last, EVENING)}
