"""What the page says of the parts."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from . import FAILING, GOOD, LATE, HealthPart

TITLES = {
    "database": (_l("Database"), _l("Everything that people have written, and who they are.")),
    "redis": (_l("Redis"), _l("What the processes tell one another: jobs, live signals, limits.")),
    "queue": (_l("Worker"), _l("Does what need not be done while someone waits.")),
    "clock": (
        _l("Clock"),
        _l("Asks for what is to be done at its time: reminders, closings, letters left behind."),
    ),
    "files": (_l("Files"), _l("Pictures, and the archives of those who take their data along.")),
    "mail": (_l("Mail"), _l("Letters on their way.")),
}
STATES = {GOOD: ("yes", _l("Well")), LATE: ("wait", _l("Late")), FAILING: ("no", _l("Not working"))}
WHOLE = {
    GOOD: _l("All is well"),
    LATE: _l("Something is late"),
    FAILING: _l("Something is not working"),
}
PROBLEMS = {
    "away": _l("It does not answer."),
    "silent": _l("It has not answered within two seconds."),
    "migrations": _l("It lacks tables that this version needs: run “flask db upgrade”."),
    "ballots_unmixed": _l(
        "Secret ballots couldn't be mixed, or a vote couldn't be closed, because something else "
        "was using the tables. "
        "The site tries again every minute. If this stays, run “flask doctor”."
    ),
    "no_worker": _l(
        "Nobody works on the jobs: start “flask worker”. Letters wait until then; none is lost."
    ),
    "jobs_wait": _l(
        "Jobs wait for more than a minute: start another worker, or look at what the one does."
    ),
    "jobs_failed": _l(
        "Jobs have failed. The page about the queue lists them, with the reason, and tries them "
        "again."
    ),
    "full": _l("The disk is full: nothing more can be written. Make room."),
    "nearly_full": _l("The disk is nearly full. Make room, or move the oldest backups elsewhere."),
    "stopped": _l("It has not ticked for half a minute: start “flask clock”."),
    "shut": _l("The place where the files lie does not let us in: “flask doctor” says more."),
    "smtp": _l("The mail server cannot be reached. Letters are kept and tried again."),
    "letters_wait": _l("Letters are overdue by more than two minutes."),
    "letters_died": _l(
        "Letters could not be delivered today. The page about the queue lists them, with the "
        "reason, and tries them again."
    ),
}


def facts_of(part: HealthPart) -> Iterator[tuple[Any, str]]:
    """(what, how much) of all that the part says, in the order in which one wants to know."""
    if part.ms is not None:
        yield _("Answered in"), _("%(number)s ms", number=part.ms)
    for name, value in part.facts.items():
        waits_for_nothing = name == "oldest_seconds" and not value
        if name in LABELS and value is not None and not waits_for_nothing:
            yield (
                LABELS[name],
                ago(value) if name.endswith("_seconds") else VALUES.get(value, str(value)),
            )


LABELS = {
    "engine": _l("Kind"),
    "migrations": _l("Tables"),
    "jobs": _l("Jobs that wait"),
    "oldest_seconds": _l("The oldest waits for"),
    "workers": _l("Workers"),
    "heartbeat_seconds": _l("Last heard of"),
    "working": _l("Jobs at work"),
    "failed": _l("Jobs that failed"),
    "failing": _l("Schedules that fail"),
    "tick_seconds": _l("Last tick"),
    "store": _l("Where they lie"),
    "free_megabytes": _l("Room left, in megabytes"),
    "waiting": _l("To be sent"),
    "tried_in_vain": _l("Tried in vain so far"),
    "dead": _l("Undeliverable"),
    "last_sent_seconds": _l("Last one sent"),
    "smtp": _l("Mail server"),
}
VALUES = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "done": _l("up to date"),
    "answers": _l("answers"),
    "unreachable": _l("refuses"),
    "silent": _l("says nothing"),
    "folder": "/dev/mail",
    "disk": _l("in a folder"),
    "bucket": _l("in a bucket"),
}


def ago(seconds: float) -> str:
    """So long, roughly."""
    if seconds < 60:
        return ngettext("%(num)d second", "%(num)d seconds", round(seconds))
    if seconds < 3600:
        return ngettext("%(num)d minute", "%(num)d minutes", round(seconds / 60))
    if seconds < 86_400:
        return ngettext("%(num)d hour", "%(num)d hours", round(seconds / 3600))
    return ngettext("%(num)d day", "%(num)d days", round(seconds / 86_400))
