"""Events for calendar apps (RFC 5545): as a file, as a feed with a secret link, and as prefilled
links.
"""

from .files import KIND as KIND
from .files import NAME as NAME
from .files import attachment_for as attachment_for
from .files import feed as feed
from .files import file_for as file_for
from .programs import entry_of as entry_of
from .programs import programs_for as programs_for
