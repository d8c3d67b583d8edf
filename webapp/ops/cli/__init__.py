"""The site's commands for whoever runs it."""

from flask import Flask

from . import backup, demo, doctor, purge


def init_app(app: Flask) -> None:
    """`flask backup`, `restore`, `doctor`, `purge` and `seed-demo` exist."""
    for command in (backup.backup, backup.restore, doctor.doctor, purge.purge, demo.seed_demo):
        app.cli.add_command(command)
