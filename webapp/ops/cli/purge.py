"""`flask purge`."""

import click
from flask.cli import with_appcontext

from ...core.extensions import db
from ..retention import purge as purging
from ..retention.table import ALL


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="only say what would go")
@with_appcontext
def purge(dry_run: bool) -> None:
    """Delete what is over by the retention table (/privacy/retention), as the clock does every
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
