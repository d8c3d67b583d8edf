"""What people upload, as bytes under names of ours: the one boundary that backup and restore take files through.

A name is never written twice with other bytes. The folder stands in `app.extensions["files"]`; whatever keeps files
elsewhere stands there with the same four verbs.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask import Flask
from flask_babel import gettext as _

from .errors import RuleBroken


class Folder:
    """Files below `path`, named by their way from there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._beside = path.with_name(path.name + ".restoring")

    def names(self) -> list[str]:
        """Every file's name, in order; none where the folder does not exist."""
        return sorted(p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file())

    def open(self, name: str) -> IO[bytes]:
        """The file, to be read. Raises FileNotFoundError when it is gone."""
        return open(self.path / name, "rb")

    def put(self, name: str, source: IO[bytes]) -> None:
        """The file lies there, whole or not at all."""
        place = self.path / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as target:
            shutil.copyfileobj(source, target)
        os.rename(target.name, place)

    def delete(self, name: str) -> None:
        """No file has this name."""
        (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def arriving(self, files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[None]:
        """These files lie beside the folder, complete, for `replace`; without it they are gone again afterwards."""
        try:
            for name, source in files:
                self._bring(name, source)
            yield
        finally:
            shutil.rmtree(self._beside, ignore_errors=True)

    def replace(self) -> None:
        """The files that have arrived are those of the folder, and no others."""
        self._beside.mkdir(mode=0o700, exist_ok=True)
        before = self.path.with_name(self.path.name + ".before")
        shutil.rmtree(before, ignore_errors=True)
        if self.path.exists():
            os.rename(self.path, before)
        os.rename(self._beside, self.path)
        shutil.rmtree(before, ignore_errors=True)

    def _bring(self, name: str, source: IO[bytes]) -> None:
        place = (self._beside / name).resolve()
        if not place.is_relative_to(self._beside.resolve()):
            raise RuleBroken(_("The file “%(name)s” in the archive leads out of its folder.", name=name))
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(place, "xb") as target:
            shutil.copyfileobj(source, target)


def init_app(app: Flask) -> None:
    """The site's files lie in the instance folder; it is made when the first one comes."""
    app.extensions["files"] = Folder(app.config["INSTANCE"] / "files")
