"""The pages of this feature."""

from . import announcement, announcements, audit, lists, overview, people, settings, test_emails

BLUEPRINTS = [
    overview.bp,
    people.bp,
    lists.bp,
    settings.bp,
    announcement.bp,
    audit.bp,
    announcements.bp,
    test_emails.bp,
]
