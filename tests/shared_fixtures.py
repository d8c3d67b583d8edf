"""Things that the processes of one run create once for all: the first that needs one creates it,
the others wait.

pytest's main process starts before the others, and ends after them.
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
    """Create a folder for this process and those that it starts."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="folkmoot-together-")


def folder() -> Path:
    """Return that folder."""
    return Path(os.environ[FOLDER])


def templates() -> Path:
    """Return the folder of compiled templates."""
    place = folder() / "templates"
    place.mkdir(exist_ok=True)
    return place


def end() -> None:
    """Delete the folder, and drop the databases created."""
    for path in folder().glob("*/made"):
        if url := json.loads(path.read_text()).get("url"):
            databases.drop(url)
    shutil.rmtree(folder())


def made_once(name: str, make: Callable[[Path], dict[str, str]]) -> dict[str, str]:
    """Call `make` once for all processes, with a new folder of this name, and return its result:
    the `url` of a database, and more.
    What was created must only be copied, not used.
    """
    place = folder() / name
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "made").exists():
            shutil.rmtree(place, ignore_errors=True)  # left by a failed attempt
            place.mkdir()
            said = make(place)
            (place / "made").write_text(json.dumps(said))
        return dict(json.loads((place / "made").read_text()))


def forget_drawings(environment: Any) -> None:
    """Empty the caches of macros."""
    for part in environment.globals.values():
        if isinstance(part, FunctionType) and hasattr(part, "cache_clear"):
            part.cache_clear()
