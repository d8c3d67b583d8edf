"""The pages of this feature."""

from . import announcements, audit, lists, people, settings

BLUEPRINTS = [
    lists.overview_bp,
    people.bp,
    lists.bp,
    settings.bp,
    settings.logo_bp,
    announcements.edits_bp,
    audit.bp,
    announcements.bp,
    settings.test_emails_bp,
]
