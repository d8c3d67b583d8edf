"""Files in a folder of this machine."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import obstore
from obstore.store import LocalStore

from .names import checked_name, storage_errors


class Folder:
    """Files below `path`, named by their way from there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._beside = path.with_name(path.name + ".restoring")

    def names(self) -> list[str]:
        """Every file's name, in order; none where the folder does not exist."""
        return sorted(name for name, _since in self.dated())

    def dated(self) -> Iterator[tuple[str, datetime]]:
        """Every file's name, and since when it lies there.

        What lies elsewhere, behind a symbolic link, is none of ours.
        """
        if not self.path.is_dir():
            return
        for chunk in obstore.list(self._store()):
            yield from (
                (one["path"], one["last_modified"]) for one in chunk if self._is_ours(one["path"])
            )

    def open(self, name: str) -> IO[bytes]:
        """The file, to be read. Raises FileNotFoundError when it is gone, or lies elsewhere."""
        if not self._is_ours(checked_name(name)):
            raise FileNotFoundError(name)
        with storage_errors():
            return open(self.path / name, "rb")

    def read(self, name: str) -> bytes:
        """All of it. Raises FileNotFoundError when it is gone."""
        with self.open(name) as file, storage_errors():
            return file.read()

    def write(self, name: str, content: bytes) -> None:
        """The file lies there, whole: nobody ever reads half of one."""
        with storage_errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            obstore.put(self._store(), checked_name(name), content)

    def put(self, name: str, source: IO[bytes]) -> None:
        """What can be read from `source` lies there, whole or not at all; never all of it in
        memory.
        """
        with storage_errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            obstore.put(self._store(), checked_name(name), source)

    def delete(self, *names: str) -> None:
        """None of them lies there, whether or not it did before."""
        for name in names:
            with suppress(FileNotFoundError), storage_errors():
                os.unlink(self.path / checked_name(name))

    def check(self) -> None:
        """Returns where files can be written. Raises Away."""
        with storage_errors():
            place = self.path if self.path.exists() else self.path.parent
            if not os.access(place, os.W_OK):
                raise PermissionError(place)

    @contextmanager
    def arriving(self, files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[None]:
        """These files lie beside the folder, complete, for `replace`; without it they are gone
        again afterwards.
        """
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
        place = self._beside / checked_name(name)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(place, "xb") as target:
            shutil.copyfileobj(source, target)

    def _is_ours(self, name: str) -> bool:
        place = self.path.resolve()
        return (place / name).resolve() == place / name

    def _store(self) -> Any:
        return LocalStore(self.path)
