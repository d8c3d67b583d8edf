"""The base of the commands that carry out a rule."""

from typing import Any

import click

from .http.errors import UserError


class Command(click.Command):
    """A command that ends with the message of a UserError instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except UserError as refused:
            raise click.ClickException(refused.message) from refused
