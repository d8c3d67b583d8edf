"""`flask doctor`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ..accounts import reads
from ..accounts.models import User
from ..core.commands import Command
from ..core.db.engine import reading
from ..core.extensions import db
from ..core.observability import audit
from ..core.storage.disk import is_full
from ..core.storage.files import StorageUnavailable
from ..core.text.strings import number_of
from .doctor.findings import BAD, GOOD, ODD
from .retention import purge as purging
from .retention.table import ALL

SIGNS = {GOOD: ("✓", "green"), ODD: ("!", "yellow"), BAD: ("✗", "red")}


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check everything that the site needs, and say how to fix what is wrong.

    Changes nothing.
    """
    # slow to import: it loads alembic, which web workers don't need
    from .doctor import examination

    token = reading.set(True)  # so that it blocks no writers and waits for none
    found = list(examination.findings())
    reading.reset(token)
    for finding in found:
        sign, colour = SIGNS[finding.state]
        click.echo(
            f"{click.style(sign, fg=colour)} {finding.what}"
            + (f"\n    → {finding.remedy}" if finding.remedy else "")
        )
    bad, odd = (sum(finding.state == state for finding in found) for state in (BAD, ODD))
    click.echo(f"\n{len(found)} checks: {bad} failed, {odd} with warnings.")
    if bad:
        raise click.exceptions.Exit(1)


def init_app(app: Flask) -> None:
    """Add `flask backup`, `restore`, `doctor`, `purge` and `seed-demo`."""
    for command in (backup, restore, doctor, purge, seed_demo):
        app.cli.add_command(command)


if TYPE_CHECKING:
    from .backup.restoring import Restored


@click.command("backup", cls=Command)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@with_appcontext
def backup(path: Path | None) -> None:
    """Write every row and every file into one archive, at PATH or in instance/backups/.

    The site can keep running.
    """
    from .backup import making  # slow to import: it loads alembic, which web workers don't need

    target = making.place(path)
    with _errors_said("No backup was made", target.parent):
        manifest = making.make(target)
        db.session.commit()
    click.echo(f"Backup saved to {target}: {_rows_and_files(manifest)}")
    click.echo(
        "It holds people's names, email addresses and password hashes. Only you can read it. Keep "
        "it that way, and store it on another machine."
    )
    click.echo("It doesn't include SECRET_KEY or the other settings.")


@contextmanager
def _errors_said(nothing_done: str, folder: Path) -> Iterator[None]:
    """Say which error it was by its type, not by its message, which may hold addresses."""
    try:
        yield
    except (OSError, SQLAlchemyError, StorageUnavailable) as error:
        why = f"{type(error).__name__}. Run `flask doctor` to see what is wrong."
        if is_full(error):
            why = f"the disk with {folder} is full. Free space, or use a folder on another disk."
        raise click.ClickException(f"{nothing_done}: {why}") from error


@click.command("restore", cls=Command)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--replace", is_flag=True, help="replace a site that already has data; its data is lost"
)
@with_appcontext
def restore(path: Path, replace: bool) -> None:
    """Restore the backup at PATH: all of it, with each row checked, or nothing.

    Stop the site first.
    """
    from .backup import restoring

    with _errors_said("Nothing was restored", current_app.config["INSTANCE"]):
        done = restoring.restore(path, replace)
    for line in _summary(done):
        click.echo(line)


def _rows_and_files(manifest: dict[str, Any]) -> str:
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return f"{number_of(rows, 'row')} and {number_of(len(manifest['files']), 'file')}"


def _summary(done: "Restored") -> list[str]:
    """Return what was done, and what the operator has to do now."""
    manifest, after = done.manifest, done.aftermath
    lines = [
        f"The site is restored as it was at {manifest['made_at'][:19]} UTC.",
        f"Restored and checked: {_rows_and_files(manifest)}.",
    ]
    if manifest["revision"] != done.revision:
        lines.append(
            f"Its tables were upgraded from revision {manifest['revision']} to {done.revision}."
        )
    return [
        *lines,
        f"Everyone is signed out ({number_of(after.sign_ins, 'sign-in')}). No longer valid: "
        f"{number_of(after.links, 'link')} sent by email.",
        f"Email is paused with {number_of(after.emails, 'email')} waiting. Some may have been "
        "sent after the backup was made.",
        "Changes since then are lost: passwords are the old ones, and deleted accounts and groups "
        "are back.",
        "Next: start the site. After a minute, use `flask held-mail` to list the waiting emails, "
        "drop those that were sent, and release the rest.",
    ]


@click.command("seed-demo", cls=Command)
@click.option(
    "--force", is_flag=True, help="even if people have accounts already, and in production"
)
@with_appcontext
def seed_demo(force: bool) -> None:
    """Fill the site with a demo community, and print sign-ins. Sends no email."""
    from .demo import people, seeding  # slow to import: web workers don't need it

    seeding.refuse_here(current_app.config["PRODUCTION"], force)
    cast = seeding.seed(_keep)
    click.echo("Created forty people with their groups, conversations, events and votes.")
    click.echo(f"Sign in at {current_app.config['SITE_URL']}/sign-in as\n")
    for words, name in (
        ("a member", people.MEMBER),
        ("an organizer", people.ORGANIZER),
        ("the site's admin", people.ADMIN),
    ):
        click.echo(f"  {cast[name].handle:<16} {words}, {name}")
    click.echo(f"\nEveryone's password is: {people.PASSWORD}")


def _keep() -> None:
    """Commit a step and pause, so that a running site can write too: SQLite has one writer at a
    time.
    """
    db.session.commit()
    time.sleep(0.1)


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="only show what would be deleted")
@with_appcontext
def purge(dry_run: bool) -> None:
    """Delete what has expired by the data retention table (/privacy/retention), as happens every
    day.
    """
    if dry_run:
        for line in ALL:
            _say(purging.count(line), str(line.what))
        click.echo("Nothing was deleted.")
        return
    for line, number in purging.lines():
        db.session.commit()
        _say(number, str(line.what))
    db.session.commit()


def _say(number: int, what: str) -> None:
    click.echo(f"{number:>8}  {what}")


def add_audit_command(app: Flask) -> None:
    """Add `flask audit`."""
    app.cli.add_command(audit_command)


@click.command("audit")
@click.option("--action", default="", help="such as sign_in.failed, or the start of one: group")
@click.option("--by", "handle", default="", help="only actions by the person with this handle")
@click.option("--on", "subject", type=click.UUID, help="only actions on the row with this ID")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="only from this date or time on (UTC)",
)
@click.option("--most", default=50, show_default=True, help="number of entries")
@with_appcontext
def audit_command(
    action: str, handle: str, subject: Any, since: datetime | None, most: int
) -> None:
    """List the audit log, newest first."""
    person = reads.by_handle(handle) if handle else None
    if handle and person is None:
        raise click.ClickException(f"No one has the handle {handle}.")
    moment = since.replace(tzinfo=UTC) if since else None
    rows = audit.entries(action, person.id if person else None, subject, moment, most=most)
    names = _handles({entry.actor_id for entry, _address in rows if entry.actor_id})
    for entry, address in rows:
        who = names.get(
            entry.actor_id, "someone" if entry.actor_id is None else str(entry.actor_id)
        )
        what = " ".join(f"{name}={value}" for name, value in entry.details.items())
        subject_of = f"{entry.subject_kind} {entry.subject_id}" if entry.subject_kind else ""
        line = (
            f"{entry.created_at:%Y-%m-%d %H:%M:%S}  {who:<20}  {entry.action:<24}  {subject_of}  "
            f"{what}  {address or ''}"
        )
        click.echo(line.rstrip())


def _handles(ids: set[Any]) -> dict[Any, str]:
    found = db.session.execute(sa.select(User.id, User.handle).where(User.id.in_(ids)))
    return {row.id: row.handle for row in found}
