"""Check-ins, feedback and messages to hosts."""

from .check_in import Attendance as Attendance
from .check_in import CheckInEvent as CheckInEvent
from .feedback import Feedback as Feedback
from .feedback import HostMessage as HostMessage
