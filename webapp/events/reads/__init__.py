"""What pages show of events."""

from .listing import (
    events_by_topic as events_by_topic,
    next_of as next_of,
    upcoming_of as upcoming_of,
)
from .planned import (
    deleted_by as deleted_by,
    deleted_in as deleted_in,
    lost_by_leaving as lost_by_leaving,
    outsiders_at as outsiders_at,
    outsiders_of as outsiders_of,
    planned_in as planned_in,
)
