"""Development's mailbox on the web; production has no such pages."""

from . import frames, mailbox

BLUEPRINTS = [mailbox.bp, frames.bp]
