"""Email commands: a test email, undelivered emails, and emails held after a restore."""

import time
from uuid import UUID

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from ..core.commands import Command
from ..core.db.engine import reading
from ..core.extensions import db
from ..core.text.strings import number_of
from . import dead_letters, email_check, pause
from .models import DEAD, DROPPED, QUEUED, SENT, OutgoingEmail


def init_app(app: Flask) -> None:
    """Add `flask send-test-mail`, `flask dead-letters` and `flask held-mail`."""
    for command in (send_test_email, list_dead_letters, held_emails):
        app.cli.add_command(command)


@click.command("send-test-mail")
@click.argument("address")
@click.option("--wait", default=60, show_default=True, help="seconds to wait for the result")
@with_appcontext
def send_test_email(address: str, wait: int) -> None:
    """Send a test email to ADDRESS as the site sends its own, and report the result."""
    posted = email_check.send(address)
    db.session.commit()
    click.echo("The email is in the outbox, and will be sent like the site's other emails.")
    row = _settled(posted.id, wait)
    if row.state == SENT:
        where = (
            "Read it at /dev/emails"
            if current_app.config["DEV_MAIL"]
            else "The SMTP server accepted it"
        )
        seconds = ((row.ended_at or row.due_at) - row.created_at).total_seconds()
        click.echo(f"Sent. {where}. Attempt {row.attempts}, after {seconds:.1f} seconds.")
        return
    raise click.ClickException(_what_happened(row, wait))


def _settled(email_id: UUID, wait: int) -> OutgoingEmail:
    """Wait until the email has ended or was rejected once, at most `wait` seconds; return it."""
    deadline = time.monotonic() + wait
    while True:
        row = _looked_at(email_id)
        if (
            row.state in (SENT, DEAD, DROPPED)
            or (row.state == QUEUED and row.last_error)
            or time.monotonic() >= deadline
        ):
            return row
        time.sleep(0.1)


def _looked_at(email_id: UUID) -> OutgoingEmail:
    """Read the email's current state without holding a transaction, which would block its
    delivery.
    """
    token = reading.set(True)
    try:
        row = db.session.get_one(OutgoingEmail, email_id, populate_existing=True)
        db.session.expunge(row)
        db.session.rollback()
        return row
    finally:
        reading.reset(token)


def _what_happened(row: OutgoingEmail, wait: int) -> str:
    if row.state == QUEUED and row.last_error:
        again = f"Next try at {row.due_at:%H:%M} UTC. `flask doctor` checks the server."
        return f"It was rejected for now: {row.last_error}. {again}"
    if row.state == DEAD:
        return (
            f"It can't be sent: {row.last_error}. `flask doctor` checks the server, `flask "
            "dead-letters` lists failed emails."
        )
    if pause.since() is not None:
        return "Email is paused after a restore. `flask held-mail` lists and releases what waits."
    carriers = (
        "`flask worker` and `flask clock`" if current_app.config["REDIS_URL"] else "the web server"
    )
    if row.attempts:
        return (
            f"The SMTP server didn't respond for {number_of(wait, 'second')}. The email is still "
            "being sent."
        )
    return f"Not picked up for {number_of(wait, 'second')}. Start {carriers} to send it."


@click.command("dead-letters", cls=Command)
@click.option("--retry", type=click.UUID, help="try the email with this ID again")
@click.option("--retry-all", is_flag=True, help="try all of them again")
@with_appcontext
def list_dead_letters(retry: UUID | None, retry_all: bool) -> None:
    """List the emails that could not be delivered, or try them again."""
    if retry_all:
        click.echo(f"{dead_letters.retry_all()} will be tried again.")
    elif retry:
        dead_letters.retry(retry)
        click.echo("1 will be tried again.")
    else:
        for row in dead_letters.newest():
            click.echo(
                f"{row.id}  {row.ended_at:%Y-%m-%d %H:%M}  {row.template:<24}  {row.address}  "
                f"{row.last_error}"
            )
        click.echo(f"{dead_letters.count()} undelivered.")
    db.session.commit()


@click.command("held-mail", cls=Command)
@click.option("--drop", type=click.UUID, help="never send the email with this ID")
@click.option("--drop-old", is_flag=True, help="never send emails from before the restore")
@click.option("--drop-all", is_flag=True, help="never send any email that is waiting now")
@click.option("--release", is_flag=True, help="end the pause and send the emails still waiting")
@with_appcontext
def held_emails(drop: UUID | None, drop_old: bool, drop_all: bool, release: bool) -> None:
    """List the emails held since a restore, drop those that were sent before it, and end
    the pause.
    """
    if not (drop or drop_old or drop_all or release):
        _list_held()
        return
    if drop or drop_old or drop_all:
        dropped = pause.drop(drop) if drop else pause.drop_all() if drop_all else pause.drop_old()
        click.echo(f"{dropped} dropped.")
    if release:
        click.echo(f"{pause.release()} released. Email is no longer paused.")
    db.session.commit()


def _list_held() -> None:
    began = pause.since()
    if began is None:
        click.echo("Email isn't paused.")
        return
    rows = pause.waiting()
    for row in rows:
        when = "before the restore" if row.created_at <= began else "since the restore"
        click.echo(
            f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.template:<24}  {row.address}  {when}"
        )
    click.echo(f"Email has been paused since {began:%Y-%m-%d %H:%M} UTC; {len(rows)} listed.")
