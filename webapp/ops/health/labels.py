"""Labels of the status page."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from . import FAILING, GOOD, LATE, HealthPart

TITLES = {
    "database": (_l("Database"), _l("Accounts, and everything people have written.")),
    "redis": (_l("Redis"), _l("Connects the site’s processes: jobs, live updates, limits.")),
    "queue": (_l("Worker"), _l("Does work in the background.")),
    "clock": (
        _l("Clock"),
        _l("Starts scheduled jobs: reminders, closing votes, emails left behind."),
    ),
    "files": (_l("Files"), _l("Uploads, and copies of personal data.")),
    "mail": (_l("Email"), _l("Emails waiting to be sent.")),
}
STATES = {
    GOOD: ("yes", _l("Working")),
    LATE: ("wait", _l("Needs attention")),
    FAILING: ("no", _l("Not working")),
}
WHOLE = {
    GOOD: _l("Everything is working"),
    LATE: _l("Something needs attention"),
    FAILING: _l("Something isn’t working"),
}
PROBLEMS = {
    "away": _l("It isn’t responding."),
    "silent": _l("It didn’t respond within two seconds."),
    "migrations": _l("Some tables for this version are missing. Run “flask db upgrade”."),
    "ballots_unmixed": _l(
        "Secret ballots couldn’t be mixed, or a vote couldn’t be closed, because something else "
        "was using the tables. The site tries again every minute. If this doesn’t go away, run "
        "“flask doctor”."
    ),
    "no_worker": _l(
        "No worker is running. Start “flask worker”. Emails wait until then, and none is lost."
    ),
    "jobs_wait": _l(
        "Jobs have been waiting for more than a minute. Start another worker, or check what the "
        "current one is doing."
    ),
    "jobs_failed": _l(
        "Jobs have failed. “Jobs and email” lists them with the reason. You can try them again "
        "there."
    ),
    "full": _l("The disk is full, so nothing more can be saved. Free some space."),
    "nearly_full": _l(
        "The disk is nearly full. Free some space, or move the oldest backups elsewhere."
    ),
    "stopped": _l("It hasn’t run for half a minute. Start “flask clock”."),
    "shut": _l("We can’t use the file storage. “flask doctor” says more."),
    "smtp": _l("We can’t reach the mail server. Emails are kept and tried again."),
    "emails_wait": _l("Emails are more than two minutes late."),
    "emails_died": _l(
        "Some emails couldn’t be delivered today. “Jobs and email” lists them with the reason. You "
        "can try them again there."
    ),
}


def facts_of(part: HealthPart) -> Iterator[tuple[Any, str]]:
    """Yield (label, value) of all facts, the most interesting first."""
    if part.ms is not None:
        yield _("Response time"), _("%(number)s ms", number=part.ms)
    for name, value in part.facts.items():
        waits_for_nothing = name == "oldest_seconds" and not value
        if name in LABELS and value is not None and not waits_for_nothing:
            yield LABELS[name], _in_words(name, value)


def _in_words(name: str, value: Any) -> str:
    if name in _MOMENTS:
        return ago(value)
    return duration(value) if name.endswith("_seconds") else VALUES.get(value, str(value))


#: Facts that say how long ago something was, not how long it takes.
_MOMENTS = {"heartbeat_seconds", "tick_seconds", "last_sent_seconds"}
LABELS = {
    "engine": _l("Kind"),
    "migrations": _l("Tables"),
    "jobs": _l("Waiting jobs"),
    "oldest_seconds": _l("Oldest waiting for"),
    "workers": _l("Workers"),
    "heartbeat_seconds": _l("Last seen"),
    "working": _l("Running jobs"),
    "failed": _l("Failed jobs"),
    "failing": _l("Failing schedules"),
    "tick_seconds": _l("Last run"),
    "store": _l("Storage"),
    "free_megabytes": _l("Free space (MB)"),
    "waiting": _l("Waiting to be sent"),
    "tried_in_vain": _l("Failed so far"),
    "dead": _l("Undelivered"),
    "last_sent_seconds": _l("Last email sent"),
    "smtp": _l("Mail server"),
}
VALUES = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "done": _l("up to date"),
    "waiting": _l("not up to date"),
    "answers": _l("responding"),
    "unreachable": _l("can’t be reached"),
    "silent": _l("not responding"),
    "folder": "/dev/emails",
    "disk": _l("in a folder"),
    "bucket": _l("in a bucket"),
}


def ago(seconds: float) -> str:
    """Return the rough time before now."""
    return _("%(time)s ago", time=duration(seconds))


def duration(seconds: float) -> str:
    """Return the rough duration."""
    if seconds < 60:
        return ngettext("%(num)d second", "%(num)d seconds", round(seconds))
    if seconds < 3600:
        return ngettext("%(num)d minute", "%(num)d minutes", round(seconds / 60))
    if seconds < 86_400:
        return ngettext("%(num)d hour", "%(num)d hours", round(seconds / 3600))
    return ngettext("%(num)d day", "%(num)d days", round(seconds / 86_400))
