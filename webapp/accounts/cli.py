"""`flask create-admin`, `flask approve`, `flask invite`."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from ..core.commands import Command
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.text.strings import normalize_email, number_of
from ..mail.addresses import mailable
from . import credentials, handles, invitations, passwords, reads, sign_ups
from .models import User


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (create_admin, approve, invite):
        app.cli.add_command(command)


def _email(context: click.Context, parameter: click.Parameter, value: str) -> str:
    address = normalize_email(value)
    if address is None:
        raise click.BadParameter("enter the full email address, such as ana@example.org")
    return address


@click.command("create-admin", cls=Command)
@click.option("--email", prompt="Email address", callback=_email)
@click.option("--first-name")
@click.option("--last-name", help="Empty for people with one name.")
@click.option("--family-name-first", is_flag=True, help="Show the family name first.")
@click.option("--handle", default="", help="Created from the name if not given.")
@click.option(
    "--password", envvar="ADMIN_PASSWORD", help="Asked for if not given here or in ADMIN_PASSWORD."
)
@with_appcontext
def create_admin(
    email: str,
    first_name: str | None,
    last_name: str | None,
    family_name_first: bool,
    handle: str,
    password: str | None,
) -> None:
    """Create an admin account, or make an existing account an admin."""
    email = mailable(email)
    known = reads.by_email(email)
    if known is not None:
        sign_ups.make_admin(known)
        db.session.commit()
        click.echo(f"{known.name} (@{known.handle}) is now an admin.")
        return
    made = _made(
        email,
        first_name or click.prompt("Given name"),
        click.prompt("Family name (optional)", default="", show_default=False)
        if last_name is None
        else last_name,
        family_name_first,
        handle,
        password,
    )
    click.echo(
        f"{made.name} (@{made.handle}) is now an admin. Sign in at "
        f"{current_app.config['SITE_URL']}/sign-in"
    )


def _made(
    email: str,
    first_name: str,
    last_name: str,
    family_name_first: bool,
    handle: str,
    password: str | None,
) -> User:
    wrong = handles.problem(handle) if handle else None
    if wrong:
        raise UserError(wrong)
    db.session.rollback()  # release the database while a person types
    secret = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    found = passwords.problems(secret, (first_name, last_name, handle, email))
    if found:
        raise UserError(" ".join(sentence for _rule, sentence in found))
    made = sign_ups.create_admin(
        sign_ups.NewAccount(
            first_name,
            last_name,
            email,
            credentials.hash_password(secret),
            handle,
            family_name_first=family_name_first,
        )
    )
    db.session.commit()
    return made


@click.command("approve", cls=Command)
@click.argument("handle")
@with_appcontext
def approve(handle: str) -> None:
    """Approve the sign-up of the person with HANDLE."""
    person = reads.by_handle(handle)
    if person is None:
        raise click.ClickException(f"No one has the handle {handle}.")
    sign_ups.approve(person)
    db.session.commit()
    click.echo(f"{person.name} can sign in now.")


@click.command("invite", cls=Command)
@click.argument("email", callback=_email)
@with_appcontext
def invite(email: str) -> None:
    """Send EMAIL a link to sign up, even if sign-up isn't open."""
    email = mailable(email)
    invitations.invite(email)
    db.session.commit()
    click.echo(
        f"Invitation sent to {email}. Its link works for {number_of(invitations.LIFE.days, 'day')}."
    )
