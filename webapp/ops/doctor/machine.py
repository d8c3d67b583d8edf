"""The machine: its disk, who may read our files, and whether the static ones are built."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from flask import current_app

from .findings import Finding, bad, good, odd

MEGABYTE = 1024 * 1024
FULL, NEARLY_FULL = 200 * MEGABYTE, 1024 * MEGABYTE


def static_files() -> Iterator[Finding]:
    """Whether each file of `static/` lies under its hashed name, compressed where that helps."""
    assets = current_app.extensions["assets"]
    missing = [name for name in assets.names.values() if not (assets.target / name).is_file()]
    if missing:
        yield bad(f"static files: {len(missing)} are not built, such as {missing[0]}", "Start the site anew: it builds them.")
    else:
        yield good(f"static files: {len(assets.names)} built, under hashed names")


def disk() -> Iterator[Finding]:
    """How much room is left where the database and the files of this machine lie."""
    folder = current_app.config["INSTANCE"]
    free = shutil.disk_usage(folder).free
    words = f"disk: {free // MEGABYTE} MB free in {folder}"
    if free < FULL:
        yield bad(words, "Make room now: soon nothing can be written any more.")
    elif free < NEARLY_FULL:
        yield odd(words, "Make room, or move the oldest backups elsewhere.")
    else:
        yield good(words)


def permissions() -> Iterator[Finding]:
    """Whether other users of this machine are kept from the instance folder and what lies in it."""
    folder = Path(current_app.config["INSTANCE"])
    if _others_enter(folder):
        private = [folder / "secret", *folder.glob("*.db"), *folder.glob("backups/*")]
        open_ones = [path.name for path in private if path.exists() and path.stat().st_mode & 0o077]
        if open_ones:
            yield bad(f"permissions: others on this machine can read {', '.join(sorted(open_ones)[:5])}", f"chmod 700 {folder}")
        else:
            yield odd(f"permissions: others on this machine can look into {folder}", f"chmod 700 {folder}")
    else:
        yield good(f"permissions: {folder} is for its owner alone")


def _others_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o077)
