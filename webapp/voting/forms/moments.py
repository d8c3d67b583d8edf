"""From the wall time in a field to the moment that is meant, with a sentence where the clocks change."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from ...core import times


def moment_of(field: Any, which: Any, zone: str) -> datetime | None:
    """The moment at which clocks in `zone` show what `field` holds; None, with a sentence at its field, when that is not one."""
    try:
        return times.to_utc(field.data, zone, int(which.data) if which.data in ("0", "1") else None)
    except times.Skipped as skipped:
        before, after = (f"{wall:%H:%M}" for wall in skipped.nearest)
        sentence = _("%(time)s does not exist on that day: the clocks are put forward. Choose %(before)s or %(after)s.",
                     time=f"{field.data:%H:%M}", before=before, after=after)  # fmt: skip
        field.errors = [*field.errors, sentence]
    except times.Doubled:
        sentence = _(
            "%(time)s comes twice on that day, for the clocks are put back. Say which one you mean.", time=f"{field.data:%H:%M}"
        )
        which.errors = [*which.errors, sentence]
    return None


def same_minute(wall: datetime, moment: datetime, zone: str) -> bool:
    """Whether `wall` is how a form shows this moment: to the minute."""
    return wall == times.wall(times.whole_minute(moment), zone)
