"""The pages of this feature."""

from . import announcements, audit, email_check, lists, people, settings

BLUEPRINTS = [
    lists.overview_bp,
    people.bp,
    lists.bp,
    settings.bp,
    announcements.edits_bp,
    audit.bp,
    announcements.bp,
    email_check.bp,
]
