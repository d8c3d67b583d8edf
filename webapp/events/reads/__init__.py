"""What pages show of events and of the answers to them."""

from .answers import answers_to as answers_to
from .answers import people_of as people_of
from .answers import position_of as position_of
from .answers import steps_of as steps_of
from .listing import next_of as next_of
from .listing import upcoming_of as upcoming_of
from .outsiders import outsiders_at as outsiders_at
from .outsiders import outsiders_of as outsiders_of
from .planned import deleted_by as deleted_by
from .planned import deleted_in as deleted_in
from .planned import lost_by_leaving as lost_by_leaving
from .planned import planned_in as planned_in
from .said import answers_to_questions as answers_to_questions
from .topics import events_by_topic as events_by_topic
