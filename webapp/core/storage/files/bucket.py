"""Files in an S3-compatible store."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import obstore
from obstore.store import S3Store

from .names import checked_name, storage_errors

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

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
        return sorted(name for name, _since in self.dated())

    def dated(self) -> Iterator[tuple[str, datetime]]:
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

    def write(self, name: str, content: bytes) -> None:
        """The file lies there, whole."""
        with storage_errors():
            obstore.put(self._store, checked_name(name), content)

    def put(self, name: str, source: IO[bytes]) -> None:
        """What can be read from `source` lies there, whole or not at all; never all of it in
        memory.
        """
        with storage_errors():
            obstore.put(self._store, checked_name(name), source)

    def delete(self, *names: str) -> None:
        """None of them lies there, whether or not it did before."""
        for name in names:
            with suppress(FileNotFoundError), storage_errors():
                obstore.delete(self._store, checked_name(name))

    def check(self) -> None:
        """Returns where the bucket answers and lets us look into it. Raises Away."""
        with storage_errors():
            next(iter(obstore.list(self._store, chunk_size=1)), None)

    @contextmanager
    def arriving(self, files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[None]:
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
