"""`flask seed-demo`."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from ...core.errors import RuleBroken
from ...core.extensions import db


@click.command("seed-demo")
@click.option(
    "--force", is_flag=True, help="also where people have accounts already, and in production"
)
@with_appcontext
def seed_demo(force: bool) -> None:
    """Fill the site with a believable community, and print sign-ins. Sends no mail."""
    from ..demo import people, seeding  # words that no web server needs to hold

    try:
        seeding.refuse_here(current_app.config["PRODUCTION"], force)
    except RuleBroken as broken:
        raise click.ClickException(broken.sentence) from broken
    cast = seeding.seed(_keep)
    click.echo("Forty people, their groups, conversations, events and votes.")
    click.echo(f"Sign in at {current_app.config['SITE_URL']}/sign-in as\n")
    for words, name in (
        ("a member", people.MEMBER),
        ("an organizer", people.ORGANIZER),
        ("the site's admin", people.ADMIN),
    ):
        click.echo(f"  {cast[name].handle:<16} {words}, {name}")
    click.echo(f"\nEveryone's password is: {people.PASSWORD}")


def _keep() -> None:
    """Commit a step, and let a site that runs beside us write before the next: SQLite has one
    writer at a time.
    """
    db.session.commit()
    time.sleep(0.1)
