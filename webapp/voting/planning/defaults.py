"""What a group's new votes begin with, as those who lead the group have settled it."""

from datetime import datetime, time, timedelta
from typing import Any

from ...accounts.models import User
from ...core.extensions import db
from ...core.observability import audit
from ...core.time import clock, time_zones
from ...groups import memberships
from ...groups.models import Group
from ..models import CLOSE, VoteDefault

NAMES = ("kind", "results", "electorate", "days")
#: Voting that lasts a number of days ends in the evening, when people are at home.
EVENING = time(20)
#: How long people can vote if the group has not settled it.
USUAL_DAYS = 7


def of(group: Group) -> VoteDefault | None:
    """What the group has settled; None where it has not."""
    return db.session.get(VoteDefault, group.id)


def save(group: Group, by: User, **values: Any) -> None:
    """New votes of the group begin with these values; those that stand stay as they are."""
    group = memberships.hold(group)
    row = of(group)
    if row is None:
        row = VoteDefault(group_id=group.id)
        db.session.add(row)
    for name in NAMES:
        setattr(row, name, values[name])
    audit.record("vote_default.changed", by=by, subject=group)
    db.session.flush()


def form_values(group: Group, zone: str) -> dict[str, Any]:
    """The fields of the form that they fill in beforehand, by the clocks of this zone."""
    default = of(group)
    values: dict[str, Any] = (
        {name: getattr(default, name) for name in NAMES[:-1]} if default is not None else {}
    )
    if group.member_count == 1:
        values["roll_at"] = CLOSE  # those who join later are the ones who are asked
    days = (default.days if default is not None else None) or USUAL_DAYS
    last = time_zones.wall(clock.now(), zone).date() + timedelta(days=days)
    return {**values, "closes": datetime.combine(last, EVENING)}
