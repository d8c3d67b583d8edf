"""`flask backup` and `flask restore`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ...core.disk import is_full
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.files import Away
from ...core.text import counted

if TYPE_CHECKING:
    from ..backup.restoring import Restored


@click.command("backup")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@with_appcontext
def backup(path: Path | None) -> None:
    """Write every row and every file into one archive, at PATH or in instance/backups/.

    The site may run.
    """
    from ..backup import making  # alembic comes with it, which no web worker needs

    try:
        target = making.place(path)
        manifest = making.make(target)
        db.session.commit()
    except RuleBroken as broken:
        raise click.ClickException(broken.sentence) from broken
    except (OSError, SQLAlchemyError, Away) as error:
        raise click.ClickException(_unwritten(target, error)) from error
    click.echo(f"In {target}: {_rows_and_files(manifest)}")
    click.echo(
        "It holds people's names, addresses and password hashes, and only you can read it. Keep "
        "it so, and elsewhere."
    )
    click.echo("SECRET_KEY and the other settings are not in it.")


def _unwritten(target: Path, error: Exception) -> str:
    """Say why there is no archive: the error's kind, never its words, which may hold addresses."""
    if is_full(error):
        return (
            f"There is no backup: the disk with {target.parent} is full. Make room, or name a "
            "folder on another disk."
        )
    return f"There is no backup ({type(error).__name__}). `flask doctor` says what the site lacks."


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--replace", is_flag=True, help="also where there is something already: it will be gone"
)
@with_appcontext
def restore(path: Path, replace: bool) -> None:
    """Put the backup at PATH back: all of it, each row compared, or nothing.

    Stop the site before.
    """
    from ..backup import restoring

    try:
        done = restoring.restore(path, replace)
    except RuleBroken as broken:
        raise click.ClickException(broken.sentence) from broken
    for line in _told(done):
        click.echo(line)


def _rows_and_files(manifest: dict[str, Any]) -> str:
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return f"{counted(rows, 'row')} and {counted(len(manifest['files']), 'file')}"


def _told(done: "Restored") -> list[str]:
    """What happened, and what a person has to do now."""
    manifest, after = done.manifest, done.aftermath
    lines = [
        f"The site is as it was at {manifest['made_at'][:19]} UTC.",
        f"Came back, each compared: {_rows_and_files(manifest)}.",
    ]
    if manifest["revision"] != done.revision:
        lines.append(
            f"Its tables were brought from revision {manifest['revision']} to {done.revision}."
        )
    return [
        *lines,
        f"Everyone is signed out ({counted(after.sign_ins, 'sign-in')}). Dead now: "
        f"{counted(after.links, 'mailed link')}.",
        f"Mail is paused with {counted(after.letters, 'letter')} waiting, which may have gone out "
        "after the backup was made.",
        "What has happened since is unknown here: passwords, accounts and groups that were "
        "deleted are as they were then.",
        "Now: start the site; after a minute `flask held-mail` lists what waits, drops what went "
        "out, and releases the rest.",
    ]
