"""What people upload, as bytes under names of ours: the one boundary, over a folder or an
S3-compatible store.

`app.extensions["files"]` is one of the two, with the same verbs. A name is never written twice with
other bytes, and no name is ever made of what someone typed. Nothing here knows whom a file belongs
to: each feature serves its own.
"""

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
    """The place where the files lie does not answer, or lets us do nothing."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raises StorageUnavailable for what the store refuses; FileNotFoundError stays itself."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable(type(error).__name__) from error


def checked_name(name: str) -> str:
    """The name, which leads out of no folder.

    Raises UserError for one that an archive brought along.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        raise UserError(
            _("The file “%(name)s” in the archive points outside its folder.", name=name)
        )
    return name


class Folder:
    """Files below `path`, named by their way from there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._beside = path.with_name(path.name + ".restoring")

    def names(self) -> list[str]:
        """Every file's name, in order; none where the folder does not exist."""
        return sorted(name for name, _since in self.with_dates())

    def with_dates(self) -> Iterator[tuple[str, datetime]]:
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

    def write(self, name: str, content: bytes | IO[bytes]) -> None:
        """Store the file, whole or not at all; an open file is never all of it in memory."""
        with storage_errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            obstore.put(self._store(), checked_name(name), content)

    def delete(self, *names: str) -> None:
        """None of them lies there, whether or not it did before."""
        for name in names:
            with suppress(FileNotFoundError), storage_errors():
                os.unlink(self.path / checked_name(name))

    def check(self) -> None:
        """Returns where files can be written. Raises StorageUnavailable."""
        with storage_errors():
            place = self.path if self.path.exists() else self.path.parent
            if not os.access(place, os.W_OK):
                raise PermissionError(place)

    @contextmanager
    def staged(self, files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[None]:
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


#: A request waits for the store no longer than this.
CLIENT: "ClientConfig" = {"connect_timeout": "3s", "timeout": "10s"}
RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


class Bucket:
    """Files of a bucket, below FILES_URL's path in it."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._arrived: set[str] = set()
        self._replaced = False

    @cached_property
    def _store(self) -> Any:
        """Made when it is first used: a thread of its own must not exist before a server or a
        worker forks.
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
        """Every file's name, in order."""
        return sorted(name for name, _since in self.with_dates())

    def with_dates(self) -> Iterator[tuple[str, datetime]]:
        """Every file's name, and since when it lies there."""
        with storage_errors():
            for chunk in obstore.list(self._store):
                yield from ((one["path"], one["last_modified"]) for one in chunk)

    def open(self, name: str) -> IO[bytes]:
        """The file, to be read. Raises FileNotFoundError when it is gone."""
        return BytesIO(self.read(name))

    def read(self, name: str) -> bytes:
        """All of it. Raises FileNotFoundError when it is gone."""
        with storage_errors():
            return bytes(obstore.get(self._store, checked_name(name)).bytes())

    def write(self, name: str, content: bytes | IO[bytes]) -> None:
        """Store the file, whole or not at all; an open file is never all of it in memory."""
        with storage_errors():
            obstore.put(self._store, checked_name(name), content)

    def delete(self, *names: str) -> None:
        """None of them lies there, whether or not it did before."""
        for name in names:
            with suppress(FileNotFoundError), storage_errors():
                obstore.delete(self._store, checked_name(name))

    def check(self) -> None:
        """Returns where the bucket answers and lets us look into it. Raises StorageUnavailable."""
        with storage_errors():
            next(iter(obstore.list(self._store, chunk_size=1)), None)

    @contextmanager
    def staged(self, files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[None]:
        """These files lie in the bucket, complete, for `replace`; without it what came new is gone
        again afterwards.

        They arrive under their own names: a name never stands for two different files.
        """
        before = set(self.names())
        self._arrived, self._replaced = set(), False
        try:
            for name, source in files:
                self.write(name, source.read())
                self._arrived.add(name)
            yield
        finally:
            if not self._replaced:
                self.delete(*(self._arrived - before))

    def replace(self) -> None:
        """The files that have arrived are those of the bucket, and no others."""
        self._replaced = True
        self.delete(*(set(self.names()) - self._arrived))


__all__ = ["StorageUnavailable", "Bucket", "Files", "Folder", "files", "init_app"]

Files = Folder | Bucket
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """The site's files lie in the instance folder, made when the first one comes; or where
    FILES_URL says.
    """
    app.extensions["files"] = (
        Bucket(app.config) if app.config["FILES_URL"] else Folder(app.config["INSTANCE"] / "files")
    )
    app.register_error_handler(StorageUnavailable, _away)


def files() -> Files:
    """Where the files of this site lie."""
    found: Files = current_app.extensions["files"]
    return found


def _away(error: StorageUnavailable) -> ResponseReturnValue:
    if disk.is_full(error):
        return disk_full()
    log.error("files_unavailable", error=str(error))
    return error_response(503, retry_after=5)


#: A file that no row names is gone after this; until then its row may still be on the way.
STRAY_FOR = timedelta(days=1)


def strays(folder: str, named: Callable[[], set[str]], key: Callable[[str], str]) -> list[str]:
    """The files of the folder that have lain there for a day and whose `key` no row names;
    `named()` is asked where one has.
    """
    until = clock.now() - STRAY_FOR
    old = [
        name for name, since in files().with_dates() if name.startswith(folder) and since <= until
    ]
    rows = named() if old else set()
    return [name for name in old if key(name) not in rows]


def named_by(kind: str) -> set[str]:
    """The ids of the files of this kind, `picture` or `attachment`, that rows name: in columns of
    it, or where only their feature knows.
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
