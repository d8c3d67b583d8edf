"""From the wall time that a person entered to the moment that they mean, with a sentence where
the clocks change.
"""

from datetime import datetime

from flask_babel import gettext as _

from ..http.errors import UserError
from . import time_zones


def to_moment(wall: datetime, zone: str, fold: int | None, field: str) -> datetime:
    """The moment at which clocks in `zone` show what `field` holds; `fold` says which of two (0 the
    earlier, 1 the later).

    Raises UserError at `field` for an hour that the clocks skip, and at `<field>_fold` for one
    that they pass twice.
    """
    words = {"time": f"{wall:%H:%M}", "place": time_zones.place_of(zone)}
    try:
        return time_zones.to_utc(wall, zone, fold)
    except time_zones.NonexistentTime as skipped:
        words |= dict(
            zip(("early", "late"), (f"{near:%H:%M}" for near in skipped.nearest), strict=True)
        )
        sentence = _(
            "%(time)s does not exist on that day in %(place)s: the clocks are moved. Did you mean "
            "%(early)s or %(late)s?",
            **words,
        )
        raise UserError(sentence, field=field) from None
    except time_zones.AmbiguousTime:
        sentence = _(
            "%(time)s happens twice on that day in %(place)s: the clocks are put back. Choose "
            "which one you mean.",
            **words,
        )
        raise UserError(sentence, field=f"{field}_fold") from None
