"""The machine: its disks, file permissions, and built static files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from flask import current_app

from ...core.extensions import db
from . import file_access
from .findings import Finding, bad, good, odd

MEGABYTE = 1024 * 1024
FULL, NEARLY_FULL = 200 * MEGABYTE, 1024 * MEGABYTE


def static_files() -> Iterator[Finding]:
    """Check that each file of `static/` exists under its hashed name."""
    assets = current_app.extensions["assets"]
    missing = [name for name in assets.names.values() if not (assets.target / name).is_file()]
    if missing:
        yield bad(
            f"static files: {len(missing)} are not built, such as {missing[0]}",
            "Restart the site: it builds them.",
        )
    else:
        yield good(f"static files: {len(assets.names)} built, under hashed names")


def disk() -> Iterator[Finding]:
    """Check the free space of each volume with the database, files or backups."""
    for folder in volumes():
        free = shutil.disk_usage(folder).free
        words = f"disk: {free // MEGABYTE} MB free in {folder}"
        if free < FULL:
            yield bad(words, "Free some space now, or soon nothing more can be saved.")
        elif free < NEARLY_FULL:
            yield odd(words, "Free some space, or move the oldest backups elsewhere.")
        else:
            yield good(words)


def volumes() -> list[Path]:
    """Return a folder on each volume that the site fills: instance, files, backups, and SQLite's
    file.
    """
    instance = Path(current_app.config["INSTANCE"])
    folders = [instance, instance / "files", instance / "backups"]
    if db.engine.dialect.name == "sqlite" and db.engine.url.database:
        folders.append(Path(db.engine.url.database).resolve().parent)
    found: dict[int, Path] = {}
    for folder in folders:
        if folder.is_dir():
            found.setdefault(folder.stat().st_dev, folder)
    return list(found.values())


def permissions() -> Iterator[Finding]:
    """Check that other users of this machine can't read the instance folder and its files."""
    folder = Path(current_app.config["INSTANCE"])
    if not file_access.can_others_read(folder):
        yield good(f"permissions: {folder} is private")
        return
    private = [folder / "secret", *folder.glob("*.db"), *folder.glob("backups/*")]
    open_ones = [
        path.name for path in private if path.exists() and file_access.can_others_read(path)
    ]
    if open_ones:
        words = f"permissions: other local users can read {', '.join(sorted(open_ones)[:5])}"
        yield bad(words, file_access.remedy(folder))
    else:
        yield odd(
            f"permissions: other local users can open {folder}",
            file_access.remedy(folder),
        )
