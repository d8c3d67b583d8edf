"""Events for calendar apps (RFC 5545): as a file, as a feed with a secret link, and as prefilled
links.
"""

from .files import (
    KIND as KIND,
    NAME as NAME,
    attachment_for as attachment_for,
    feed as feed,
    file_for as file_for,
)
from .programs import entry_of as entry_of, programs_for as programs_for
