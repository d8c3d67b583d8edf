"""`flask doctor`."""

import click
from flask.cli import with_appcontext

from ...core.database import reading
from ..doctor.findings import BAD, GOOD, ODD

SIGNS = {GOOD: ("✓", "green"), ODD: ("!", "yellow"), BAD: ("✗", "red")}


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look at everything that the site needs, and say what to do where something is wrong.

    Changes nothing.
    """
    from ..doctor import examination  # alembic comes with it, which no web worker needs

    token = reading.set(True)  # it waits for nobody who writes, and nobody for it
    found = list(examination.findings())
    reading.reset(token)
    for finding in found:
        sign, colour = SIGNS[finding.state]
        click.echo(
            f"{click.style(sign, fg=colour)} {finding.what}"
            + (f"\n    → {finding.remedy}" if finding.remedy else "")
        )
    bad, odd = (sum(finding.state == state for finding in found) for state in (BAD, ODD))
    click.echo(f"\n{len(found)} looked at: {bad} wrong, {odd} to think about.")
    if bad:
        raise click.exceptions.Exit(1)
