"""What the processes of one run make once, for all of them: whoever first wants it makes it, the
others wait and take it.

pytest's first process begins before the others, and ends after them.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from . import databases

FOLDER = "TESTS_TOGETHER"


def begin() -> None:
    """There is a folder for this process and those that it starts."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="folkmoot-together-")


def folder() -> Path:
    """That folder."""
    return Path(os.environ[FOLDER])


def templates() -> Path:
    """What has been compiled of templates lies here."""
    place = folder() / "templates"
    place.mkdir(exist_ok=True)
    return place


def end() -> None:
    """The folder, and the databases that were made, are gone."""
    for path in folder().glob("*/made"):
        if url := json.loads(path.read_text()).get("url"):
            databases.drop(url)
    shutil.rmtree(folder())


def made_once(name: str, make: Callable[[Path], dict[str, str]]) -> dict[str, str]:
    """What `make` said, in whichever process, when it had filled a folder of this name: the `url`
    of a database, and more.

    Nobody uses what was made: it is to be copied.
    """
    place = folder() / name
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "made").exists():
            shutil.rmtree(place, ignore_errors=True)  # of someone who failed
            place.mkdir()
            said = make(place)
            (place / "made").write_text(json.dumps(said))
        return dict(json.loads((place / "made").read_text()))


def forget_drawings(environment: Any) -> None:
    """Empty the caches of macros."""
    for part in environment.globals.values():
        if isinstance(part, FunctionType) and hasattr(part, "cache_clear"):
            part.cache_clear()
