"""What pages show of events and of the answers to them."""

from .answers import people_of as people_of
from .answers import position_of as position_of
from .answers import queue_of as queue_of
from .answers import steps_of as steps_of
from .mine import coming_for as coming_for
from .mine import offers_for as offers_for
from .mine import upcoming_of as upcoming_of
from .mine import waiting_for as waiting_for
