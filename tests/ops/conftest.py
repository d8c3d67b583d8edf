"""Sites to back up and restore."""

from .sites import (
    archive as archive,
    demo as demo,
    full as full,
    lived_in as lived_in,
    migrated as migrated,
    new_site as new_site,
    old as old,
)
