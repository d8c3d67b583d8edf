"""`flask allow-groups`."""

import click
from flask import Flask
from flask.cli import with_appcontext

from ..accounts import reads as accounts
from ..core.extensions import db
from . import permissions


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(allow_groups)


@click.command("allow-groups")
@click.argument("handle")
@click.option("--no", is_flag=True, help="stop them from starting groups; existing groups stay")
@with_appcontext
def allow_groups(handle: str, no: bool) -> None:
    """Let the person with HANDLE start groups when GROUP_CREATION is `approved`."""
    user = accounts.by_handle(handle)
    if user is None or not user.is_active:
        raise click.ClickException(f"No one has the handle {handle}.")
    permissions.allow(user, not no)
    db.session.commit()
    click.echo(f"{user.name} can {'no longer start groups' if no else 'start groups now'}.")
