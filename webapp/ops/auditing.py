"""`flask audit`: who did what to what, and when, on the command line."""

from datetime import UTC, datetime
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import with_appcontext

from ..accounts import reads
from ..accounts.models import User
from ..core import audit
from ..core.extensions import db


def init_app(app: Flask) -> None:
    """`flask audit` exists."""
    app.cli.add_command(show)


@click.command("audit")
@click.option("--action", default="", help="such as sign_in.failed, or a beginning: group")
@click.option("--by", "handle", default="", help="what the person with this handle did")
@click.option("--on", "subject", type=click.UUID, help="what was done to the row with this id")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="from this day or moment on (UTC)",
)
@click.option("--most", default=50, show_default=True, help="how many lines")
@with_appcontext
def show(action: str, handle: str, subject: Any, since: datetime | None, most: int) -> None:
    """List what was done, the newest first."""
    person = reads.by_handle(handle) if handle else None
    if handle and person is None:
        raise click.ClickException(f"Nobody has the handle {handle}.")
    moment = since.replace(tzinfo=UTC) if since else None
    rows = audit.entries(action, person.id if person else None, subject, moment, most=most)
    names = _names({entry.actor_id for entry, _address in rows if entry.actor_id})
    for entry, address in rows:
        who = names.get(
            entry.actor_id, "somebody" if entry.actor_id is None else str(entry.actor_id)
        )
        what = " ".join(f"{name}={value}" for name, value in entry.details.items())
        subject_of = f"{entry.subject_kind} {entry.subject_id}" if entry.subject_kind else ""
        line = (
            f"{entry.created_at:%Y-%m-%d %H:%M:%S}  {who:<20}  {entry.action:<24}  {subject_of}  "
            f"{what}  {address or ''}"
        )
        click.echo(line.rstrip())


def _names(ids: set[Any]) -> dict[Any, str]:
    found = db.session.execute(sa.select(User.id, User.handle).where(User.id.in_(ids)))
    return {row.id: row.handle for row in found}
