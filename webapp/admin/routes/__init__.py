"""The pages of this feature."""

from . import announcement_edits, announcements, audit, email_check, lists, people, settings

BLUEPRINTS = [
    lists.overview_bp,
    people.bp,
    lists.bp,
    settings.bp,
    announcement_edits.bp,
    audit.bp,
    announcements.bp,
    email_check.bp,
]
