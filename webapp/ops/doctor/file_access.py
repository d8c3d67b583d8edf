"""Who on this machine can read a file of the site.

The site's user and root may, and a group with nobody else.
"""

import grp
import pwd
import shlex
from collections.abc import Iterable
from pathlib import Path

from flask import current_app

ROOT_USER = 0


def can_others_read(path: Path) -> bool:
    """Return whether anyone but root and the site's user can read the file, or look into the
    folder.
    """
    found = path.stat()
    if found.st_mode & 0o007:
        return True
    return bool(found.st_mode & 0o070) and not _members(found.st_gid) <= {ROOT_USER, site_user()}


def site_user() -> int:
    """Return the id of the site's user: the owner of the instance folder, even if root runs the
    doctor.
    """
    return Path(current_app.config["INSTANCE"]).stat().st_uid


def remedy(path: Path) -> str:
    """Return a command that lets only root and the site's user read it."""
    target, bits = shlex.quote(str(path)), "700" if path.is_dir() else "600"
    if path.stat().st_uid == site_user():
        return f"chmod {bits} {target}"
    return f"chown {site_user()} {target} && chmod {bits} {target}"


def _members(group: int) -> set[int]:
    """Return the ids of everyone in the group, whether it is their primary one or another."""
    try:
        named: Iterable[str] = grp.getgrgid(group).gr_mem
    except KeyError:
        named = ()
    people = pwd.getpwall()
    return {one.pw_uid for one in people if one.pw_gid == group or one.pw_name in named}
