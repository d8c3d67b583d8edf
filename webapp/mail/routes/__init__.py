"""Development's mailbox on the web; production has no such pages."""

from . import dev_mailbox, frames

BLUEPRINTS = [dev_mailbox.bp, frames.bp]
