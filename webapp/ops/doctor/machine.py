"""The machine: its disk, who may read our files, and whether the static ones are built."""

import grp
import pwd
import shlex
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import current_app

from ...core.extensions import db
from .findings import Finding, bad, good, odd

ROOT_USER = 0


def can_others_read(path: Path) -> bool:
    """Return whether anyone but root and the user that runs the site may read the file, or look
    into the folder.
    """
    found = path.stat()
    if found.st_mode & 0o007:
        return True
    return bool(found.st_mode & 0o070) and not _members(found.st_gid) <= {ROOT_USER, site_user()}


def site_user() -> int:
    """Return the id of the user that runs the site: whoever owns the instance folder, also when
    root runs the doctor.
    """
    return Path(current_app.config["INSTANCE"]).stat().st_uid


def remedy(path: Path) -> str:
    """Return a command after which only root and the site's user can read it, and the site still
    can.
    """
    target, bits = shlex.quote(str(path)), "700" if path.is_dir() else "600"
    if path.stat().st_uid == site_user():
        return f"chmod {bits} {target}"
    return f"chown {site_user()} {target} && chmod {bits} {target}"


def _members(group: int) -> set[int]:
    """Return the ids of everyone in the group, whether it is their first one or another."""
    try:
        named: Iterable[str] = grp.getgrgid(group).gr_mem
    except KeyError:
        named = ()
    people = pwd.getpwall()
    return {one.pw_uid for one in people if one.pw_gid == group or one.pw_name in named}


MEGABYTE = 1024 * 1024
FULL, NEARLY_FULL = 200 * MEGABYTE, 1024 * MEGABYTE


def static_files() -> Iterator[Finding]:
    """Whether each file of `static/` lies under its hashed name, compressed where that helps."""
    assets = current_app.extensions["assets"]
    missing = [name for name in assets.names.values() if not (assets.target / name).is_file()]
    if missing:
        yield bad(
            f"static files: {len(missing)} are not built, such as {missing[0]}",
            "Start the site anew: it builds them.",
        )
    else:
        yield good(f"static files: {len(assets.names)} built, under hashed names")


def disk() -> Iterator[Finding]:
    """Measure each volume on which the database, the files or the backups of this machine are."""
    for folder in volumes():
        free = shutil.disk_usage(folder).free
        words = f"disk: {free // MEGABYTE} MB free in {folder}"
        if free < FULL:
            yield bad(words, "Make room now: soon nothing can be written any more.")
        elif free < NEARLY_FULL:
            yield odd(words, "Make room, or move the oldest backups elsewhere.")
        else:
            yield good(words)


def volumes() -> list[Path]:
    """Return a folder on each volume that the site fills: the instance, its files and backups,
    and SQLite's file.
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
    """Whether other users of this machine are kept from the instance folder and what lies in it."""
    folder = Path(current_app.config["INSTANCE"])
    if not can_others_read(folder):
        yield good(f"permissions: {folder} is private")
        return
    private = [folder / "secret", *folder.glob("*.db"), *folder.glob("backups/*")]
    open_ones = [path.name for path in private if path.exists() and can_others_read(path)]
    if open_ones:
        words = f"permissions: others on this machine can read {', '.join(sorted(open_ones)[:5])}"
        yield bad(words, remedy(folder))
    else:
        yield odd(
            f"permissions: others on this machine can look into {folder}",
            remedy(folder),
        )
