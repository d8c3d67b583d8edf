"""What pages show of events."""

from .listing import events_by_topic as events_by_topic
from .listing import next_of as next_of
from .listing import upcoming_of as upcoming_of
from .planned import deleted_by as deleted_by
from .planned import deleted_in as deleted_in
from .planned import lost_by_leaving as lost_by_leaving
from .planned import outsiders_at as outsiders_at
from .planned import outsiders_of as outsiders_of
from .planned import planned_in as planned_in
