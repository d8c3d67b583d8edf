"""Mail from the command line: a test, and the letters that could not be delivered."""

from uuid import UUID

import click
from flask import Flask
from flask.cli import with_appcontext

from ..core.errors import RuleBroken
from ..core.extensions import db
from . import deadletters, outbox
from .jobs import delivery
from .letters import Context, letter
from .models import SENT, Letter


def init_app(app: Flask) -> None:
    """`flask send-test-mail` and `flask dead-letters` exist."""
    app.cli.add_command(send_test_mail)
    app.cli.add_command(dead_letters)


@letter("mail/test")
def test() -> Context:
    """A letter that says nothing but that it has arrived."""
    return {}


@click.command("send-test-mail")
@click.argument("address")
@with_appcontext
def send_test_mail(address: str) -> None:
    """Send a test mail to ADDRESS, now, and say how it went."""
    posted = outbox.post("mail/test", to=address)
    db.session.commit()
    delivery.deliver(str(posted.id))
    outcome = db.session.get_one(Letter, posted.id, populate_existing=True)
    if outcome.state != SENT:
        reason = outcome.last_error or "somebody else is sending it"
        raise click.ClickException(f"The mail is {outcome.state}: {reason}.")
    click.echo(f"The mail to {address} has been handed over.")


@click.command("dead-letters")
@click.option("--retry", type=click.UUID, help="try the letter with this id again")
@click.option("--retry-all", is_flag=True, help="try all of them again")
@with_appcontext
def dead_letters(retry: UUID | None, retry_all: bool) -> None:
    """List the letters that could not be delivered, or try them again."""
    if retry_all:
        click.echo(f"{deadletters.retry_all()} to be tried again.")
    elif retry:
        _retry(retry)
    else:
        for row in deadletters.newest():
            click.echo(f"{row.id}  {row.ended_at:%Y-%m-%d %H:%M}  {row.template:<24}  {row.address}  {row.last_error}")
        click.echo(f"{deadletters.count()} dead.")
    db.session.commit()


def _retry(letter_id: UUID) -> None:
    try:
        deadletters.retry(letter_id)
    except RuleBroken as broken:
        raise click.ClickException(broken.sentence) from broken
    click.echo("1 to be tried again.")
