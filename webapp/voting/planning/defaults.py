"""What a group's new votes begin with, as those who lead the group have settled it."""

from datetime import datetime, time, timedelta
from typing import Any

from ...accounts.models import User
from ...core.extensions import db
from ...core.observability import audit
from ...core.time import clock, time_zones
from ...groups import memberships
from ...groups.models import Group
from ..models import VoteDefault

NAMES = ("kind", "results", "electorate", "days")
#: Voting that lasts a number of days ends in the evening, when people are at home.
EVENING = time(20)


def of(group: Group) -> VoteDefault | None:
    """What the group has settled; None where it has not."""
    return db.session.get(VoteDefault, group.id)


def keep(group: Group, by: User, **values: Any) -> None:
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


def entered(group: Group, zone: str) -> dict[str, Any]:
    """The fields of the form that they fill in beforehand, by the clocks of this zone."""
    default = of(group)
    if default is None:
        return {}
    values: dict[str, Any] = {name: getattr(default, name) for name in NAMES[:-1]}
    if default.days:
        last = time_zones.wall(clock.now(), zone).date() + timedelta(days=default.days)
        values["closes"] = datetime.combine(last, EVENING)
    return values
