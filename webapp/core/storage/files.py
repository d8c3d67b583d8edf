"""Uploaded files, stored under generated names: in a folder, or in an S3-compatible store.

`app.extensions["files"]` is one of the two; both have the same methods. A name is never written
again with other content, and never made from what someone typed. This module doesn't know whom a
file belongs to: each feature serves its own.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import obstore
import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from .. import hooks
from ..extensions import db
from ..http.errors import UserError, disk_full, error_response
from ..time import clock
from . import disk

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*")


class StorageUnavailable(Exception):
    """The storage doesn't respond, or refuses."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raise StorageUnavailable for errors of the storage, except FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable(type(error).__name__) from error


#: Characters of a name; a file system allows as many bytes. Ours are shorter than a hundred.
LONGEST_NAME = 255


def checked_name(name: str) -> str:
    """Return the name if it stays inside its folder and isn't too long.

    Raises UserError if not, as an archive may contain.
    """
    if not _NAME.fullmatch(name) or ".." in name or len(name) > LONGEST_NAME:
        raise UserError(
            _("The archive holds a file with an invalid name: %(name)s.", name=ascii(name[:80]))
        )
    return name


@contextmanager
def _only_restore(lock: Path) -> Iterator[None]:
    """Raise UserError if another process is inside, with the same lock."""
    with open(lock, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(_("Another restore is running. Wait until it ends.")) from None
        yield


class Folder:
    """Files below `path`, named by their relative paths."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def leftovers(self) -> list[Path]:
        """Return the folders that a restore has while it runs, or that an interrupted one left."""
        return [place for place in self._beside() if place.exists()]

    def _beside(self) -> tuple[Path, Path]:
        """Return where files are staged, and where the old ones are while they are replaced.

        Both are on the same disk, also if the folder is a symbolic link.
        """
        place = self.path.resolve()
        return place.with_name(f"{place.name}.restoring"), place.with_name(f"{place.name}.before")

    def names(self) -> list[str]:
        """Return every file's name, sorted; none if the folder doesn't exist."""
        return sorted(name for name, _since in self.with_dates())

    def with_dates(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file's name and modification time.

        Files behind symbolic links outside the folder are ignored.
        """
        if not self.path.is_dir():
            return
        for chunk in obstore.list(self._store()):
            yield from (
                (one["path"], one["last_modified"]) for one in chunk if self._is_ours(one["path"])
            )

    def open(self, name: str) -> IO[bytes]:
        """Open the file for reading.

        Raises FileNotFoundError if it is missing or outside the folder.
        """
        if not self._is_ours(checked_name(name)):
            raise FileNotFoundError(name)
        with storage_errors():
            return open(self.path / name, "rb")

    def read(self, name: str) -> bytes:
        """Return the file's content. Raises FileNotFoundError."""
        with self.open(name) as file, storage_errors():
            return file.read()

    def write(self, name: str, content: bytes | IO[bytes]) -> None:
        """Store the file atomically. An open file is never read into memory as a whole."""
        with storage_errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            obstore.put(self._store(), checked_name(name), content)

    def delete(self, *names: str) -> None:
        """Delete the files; ignore missing ones."""
        for name in names:
            with suppress(FileNotFoundError), storage_errors():
                os.unlink(self.path / checked_name(name))

    def check(self) -> None:
        """Check that files can be written. Raises StorageUnavailable."""
        with storage_errors():
            place = self.path if self.path.exists() else self.path.parent
            if not os.access(place, os.W_OK):
                raise PermissionError(place)

    @contextmanager
    def staged(self, files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[None]:
        """Copy these files beside the folder, for `replace`.

        Remove them afterwards if it isn't called. What an interrupted restore left is removed, too.
        Raises UserError if another restore is running.
        """
        staging, before = self._beside()
        with _only_restore(staging.with_name("restore.lock")):
            if before.exists() and not self.path.exists():  # `replace` was interrupted
                os.rename(staging if staging.exists() else before, self.path.resolve())
            for place in self.leftovers():
                shutil.rmtree(place)
            try:
                staging.mkdir(mode=0o700)
                for name, source in files:
                    place = staging / checked_name(name)
                    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    with open(place, "xb") as target:
                        shutil.copyfileobj(source, target)
                yield
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def replace(self) -> None:
        """Replace the folder's files by the staged ones."""
        (staging, before), place = self._beside(), self.path.resolve()
        if place.exists():
            os.rename(place, before)
        try:
            os.rename(staging, place)
        except OSError:
            if before.exists():
                os.rename(before, place)
            raise
        shutil.rmtree(before, ignore_errors=True)

    def _is_ours(self, name: str) -> bool:
        place = self.path.resolve()
        return (place / name).resolve() == place / name

    def _store(self) -> Any:
        return LocalStore(self.path)


#: Limits on how long a request waits for the store.
CLIENT: "ClientConfig" = {"connect_timeout": "3s", "timeout": "10s"}
RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


class Bucket:
    """Files in a bucket, below the path in FILES_URL."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._staged: set[str] = set()
        self._replaced = False

    @cached_property
    def _store(self) -> Any:
        """Create the store at its first use: no thread may exist before a server or worker
        forks.
        """
        url, endpoint = urlsplit(self._config["FILES_URL"]), self._config["S3_ENDPOINT"]
        client: ClientConfig = {**CLIENT, "allow_http": endpoint.startswith("http://")}
        return S3Store(
            url.netloc,
            prefix=url.path.strip("/") or None,
            region=self._config["S3_REGION"],
            access_key_id=self._config["S3_ACCESS_KEY"],
            secret_access_key=self._config["S3_SECRET_KEY"],
            client_options=client,
            retry_config=RETRIES,
            **({"endpoint": endpoint} if endpoint else {}),
        )

    def names(self) -> list[str]:
        """Return every file's name, sorted."""
        return sorted(name for name, _since in self.with_dates())

    def with_dates(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file's name and modification time."""
        with storage_errors():
            for chunk in obstore.list(self._store):
                yield from ((one["path"], one["last_modified"]) for one in chunk)

    def open(self, name: str) -> IO[bytes]:
        """Open the file for reading. Raises FileNotFoundError."""
        return BytesIO(self.read(name))

    def read(self, name: str) -> bytes:
        """Return the file's content. Raises FileNotFoundError."""
        with storage_errors():
            return bytes(obstore.get(self._store, checked_name(name)).bytes())

    def write(self, name: str, content: bytes | IO[bytes]) -> None:
        """Store the file atomically. An open file is never read into memory as a whole."""
        with storage_errors():
            obstore.put(self._store, checked_name(name), content)

    def delete(self, *names: str) -> None:
        """Delete the files; ignore missing ones."""
        for name in names:
            with suppress(FileNotFoundError), storage_errors():
                obstore.delete(self._store, checked_name(name))

    def leftovers(self) -> list[Path]:
        """Return nothing: files are staged under their own names."""
        return []

    def check(self) -> None:
        """Check that the bucket responds and can be listed. Raises StorageUnavailable."""
        with storage_errors():
            next(iter(obstore.list(self._store, chunk_size=1)), None)

    @contextmanager
    def staged(self, files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[None]:
        """Upload these files for `replace`. Delete new ones afterwards if it isn't called.

        They get their own names at once. Raises UserError if another file has that name: a name
        never stands for two different files.
        """
        before = set(self.names())
        self._staged, self._replaced = set(), False
        try:
            for name, source in files:
                if name not in before:
                    self.write(name, source)
                elif not self._holds(name, source):
                    raise UserError(
                        _(
                            "The bucket has another file named %(name)s. Delete that, then restore "
                            "again.",
                            name=name,
                        )
                    )
                self._staged.add(name)
            yield
        finally:
            if not self._replaced:
                self.delete(*(self._staged - before))

    def replace(self) -> None:
        """Delete every file that isn't staged."""
        self._replaced = True
        self.delete(*(set(self.names()) - self._staged))

    def _holds(self, name: str, source: IO[bytes]) -> bool:
        with storage_errors():
            pieces = obstore.get(self._store, checked_name(name)).stream()
            return all(source.read(len(piece)) == piece for piece in pieces) and not source.read(1)


__all__ = ["StorageUnavailable", "Bucket", "Files", "Folder", "files", "init_app"]

Files = Folder | Bucket
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Store files in the instance folder, or where FILES_URL says."""
    app.extensions["files"] = (
        Bucket(app.config) if app.config["FILES_URL"] else Folder(app.config["INSTANCE"] / "files")
    )
    app.register_error_handler(StorageUnavailable, _away)


def files() -> Files:
    """Return this site's file storage."""
    found: Files = current_app.extensions["files"]
    return found


def _away(error: StorageUnavailable) -> ResponseReturnValue:
    if disk.is_full(error):
        return disk_full()
    log.error("files_unavailable", error=str(error))
    return error_response(503, retry_after=5)


#: After this long, a file without a row is deleted. Until then its transaction may not have
#: committed.
STRAY_FOR = timedelta(days=1)


def strays(folder: str, named: Callable[[], set[str]], key: Callable[[str], str]) -> list[str]:
    """Return the folder's files that are older than a day and whose `key` no row names.

    `named()` is called only if there are such files.
    """
    until = clock.now() - STRAY_FOR
    old = [
        name for name, since in files().with_dates() if name.startswith(folder) and since <= until
    ]
    rows = named() if old else set()
    return [name for name in old if key(name) not in rows]


def named_by(kind: str) -> set[str]:
    """Return the ids of the files of this kind, "picture" or "attachment", that rows name.

    Features add those that are named elsewhere than in columns.
    """
    columns = [
        column
        for table in db.metadata.tables.values()
        for column in table.c
        if column.info.get(kind)
    ]
    every = sa.union_all(*(sa.select(column).where(column.is_not(None)) for column in columns))
    ids = {id.hex for id in db.session.scalars(every)}
    hooks.files_named(kind=kind, ids=ids)
    return ids
