"""All checks, one after the other. One that fails is a finding, not the end."""

from collections.abc import Callable, Iterable, Iterator

from ...core.extensions import db
from . import database, machine, services, site, work
from .findings import Finding, bad

Look = Callable[[], Iterable[Finding]]
LOOKS: list[Look] = [
    site.settings,
    site.address,
    site.proxies,
    site.answers,
    site.buffering,
    machine.static_files,
    machine.disk,
    machine.permissions,
    database.reachable,
    database.settings,
    database.clocks,
    database.discretion,
    services.redis_reachable,
    services.files_reachable,
    services.server,
    services.sender,
    work.alive,
    work.emails,
    work.ballots,
    work.backups,
    work.purging,
]


def findings(looks: Iterable[Look] = tuple(LOOKS)) -> Iterator[Finding]:
    """Yield all findings, in order.

    Of an error only the type is shown: its message may contain addresses and passwords.
    """
    for look in looks:
        try:
            yield from look()
        except Exception as error:
            part = look.__module__.rpartition(".")[2]
            yield bad(
                f"{part}, {look.__name__}: can't be checked ({type(error).__name__})",
                "Fix the problems above first.",
            )
        finally:
            db.session.rollback()
