"""The benchmark on one database. Each site is created and served when a row first needs it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path

import sqlalchemy as sa

from . import load
from .data import LARGE, SMALL, WIDE, Size
from .floor import PATH
from .load import Failed, Load, TooSlow
from .results import Result
from .servers import Server, serving
from .sites import READER, Site, Visitor

#: Seconds after which the constant response is measured again, as the machine's speed changes.
STALE = 120
#: Seconds above which a page counts as slow, and the number of connections used for slow pages.
#: With 32 connections each request would wait too long.
SLOW, FEW = 0.4, 4
#: Connections that send forms. With 32 most of a short measurement would be the first statements of
#: new connections, which PostgreSQL has not planned yet.
FORM_CONNECTIONS = 8
#: gunicorn replaces a worker after 20,000 requests. In production that takes hours, here seconds,
#: and a row would measure how workers start.
NEVER_RENEWED = ("--max-requests", "0")
#: Seconds of requests by a single reader before measuring.
WARM_UP = 0.3
#: Markup on every page of someone who is signed in.
ACCOUNT = 'id="account-menu"'


class Place:
    """A site with its server."""

    def __init__(self, site: Site, server: Server) -> None:
        self.site = site
        self.server = server
        self.reader = site.visitor(READER)
        self.port = site.port
        self._constant: tuple[float, float] | None = None

    def constant(self) -> float:
        """Return constant responses a second, measured at most STALE seconds ago."""
        if self._constant is None or time.monotonic() - self._constant[0] > STALE:
            rate = load.read(self.site.address + PATH, {}, 1).rate
            self._constant = time.monotonic(), rate
        return self._constant[1]

    @cached_property
    def drivers(self) -> list[Visitor]:
        """Return the browsers of all people whom the load may act as, without the reader."""
        return [self.site.visitor(person) for person in range(1, self.site.size.drivers)]

    def look(
        self, path: str, visitor: Visitor | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Request a page; return the status, the headers in lower case, and the text."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers=self.headers(visitor) | headers)
        answer = connection.getresponse()
        found = (
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read().decode(),
        )
        connection.close()
        return found

    def headers(self, visitor: Visitor | None) -> dict[str, str]:
        """Return the headers that this browser sends with every request."""
        sent = {"Host": f"127.0.0.1:{self.port}", "Accept-Language": "en"}
        return sent | (
            {"Cookie": visitor.cookie, "X-Forwarded-For": visitor.address} if visitor else {}
        )


class Bench:
    """Sites on one kind of database, and the methods by which rows measure them."""

    def __init__(
        self,
        database: str,
        seconds: float,
        environment: dict[str, str],
        mail_port: int,
        folder: Path,
        postmaster: int = 0,
    ) -> None:
        self.database = database
        self.seconds = seconds
        self.environment = environment
        self.mail_port = mail_port
        self.folder = folder
        self.postmaster = postmaster
        self.server_options: tuple[str, ...] = NEVER_RENEWED
        self.timings: dict[str, float] = {}
        self._places: dict[str, Place] = {}
        self._stack = ExitStack()

    @property
    def large(self) -> Place:
        """The site with 100,000 events."""
        return self._place(LARGE)

    @property
    def wide(self) -> Place:
        """The site with 100,000 groups, one of which has 10,000 members."""
        return self._place(WIDE)

    @property
    def small(self) -> Place:
        """The site with 100 events."""
        return self._place(SMALL)

    def close(self) -> None:
        """Stop all servers and close the sites."""
        self._stack.close()

    def _place(self, size: Size) -> Place:
        if size.name not in self._places:
            own = size, self._database(size.name), self._redis(size)
            site = Site(*own, self.mail_port, self.folder, self.postmaster)
            self._stack.callback(site.close)
            started = time.monotonic()
            site.fill()
            self.timings[f"{size.name} loaded"] = time.monotonic() - started
            server = self._stack.enter_context(serving(site, *self.server_options))
            self._places[size.name] = Place(site, server)
        return self._places[size.name]

    def _database(self, name: str) -> str:
        return self.create_database(name) if self.database == "postgresql" else ""

    def create_database(self, name: str) -> str:
        """Create an empty database in the same cluster; return its URL."""
        server = sa.make_url(self.environment["TEST_POSTGRESQL_URL"])
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE bench_{name}")
        engine.dispose()
        return server.set(database=f"bench_{name}").render_as_string(hide_password=False)

    def _redis(self, size: Size) -> str:
        if self.database == "sqlite":
            return ""
        return f"{self.environment['TEST_REDIS_URL'].removesuffix('/0')}/{1 + (LARGE, SMALL, WIDE).index(size)}"  # noqa: E501

    def checked(
        self, place: Place, path: str, says: str, visitor: Visitor | None, part: str
    ) -> dict[str, str]:
        """Return the headers that ask for the page, or for the part of it.

        Raise Failed if the answer isn't what `page` expects.
        """
        asked = load.HTMX | {"HX-Target": part} if part else {}
        status, _headers, text = place.look(path, visitor, **asked)
        if (
            status != 200
            or says not in text
            or (visitor is not None and not part and ACCOUNT not in text)
        ):
            raise Failed(f"{path} answers {status} and does not say “{says}” to the right person")
        return asked

    def page(
        self,
        place: Place,
        path: str,
        says: str,
        visitor: Visitor | None = None,
        part: str = "",
        seconds: float = 0,
        is_warm: bool = False,
    ) -> Result:
        """Measure a page whose text contains `says`, after warming up for a second unless
        `is_warm`.

        `part` is the HX-Target of a partial request, such as "div#here", by which an open page
        updates itself. A partial response doesn't show who is signed in, so `says` must contain
        something that only this visitor sees.
        """
        asked = self.checked(place, path, says, visitor, part)
        started = time.monotonic()
        place.look(path, visitor, **asked)
        connections = load.CONNECTIONS if time.monotonic() - started < SLOW else FEW
        url, headers = place.site.address + path, place.headers(visitor) | asked
        constant = place.constant()
        seconds = seconds or self.seconds
        if not is_warm:
            with suppress(Failed):
                load.read(url, headers, 1, connections)
        place.server.rest()
        watch = Watch(place.server)
        try:
            found = load.read(url, headers, seconds, connections)
        except TooSlow:
            place.server.rest()
            connections, watch = FEW, Watch(place.server)
            found = load.read(url, headers, seconds * 3, connections)
        result = watch.result(found, constant)
        result.note = "" if connections == load.CONNECTIONS else f"{FEW} connections"
        return result

    def in_turn(
        self, place: Place, request: bytes, before: Callable[[], object], status: int = 200
    ) -> Result:
        """Measure one reader who repeats the same request, calling `before` before each.

        The rate and the times are those of this single reader. Raise Failed if a response has
        another status.
        """

        def asked() -> Iterator[bytes]:
            while True:
                before()
                yield request

        load.send(place.port, asked(), WARM_UP, connections=1)
        place.server.rest()
        watch = Watch(place.server)
        found = load.send(place.port, asked(), self.seconds / 2, connections=1)
        if set(found.statuses) != {status}:
            raise Failed(f"answered with {dict(found.statuses)}, not all with {status}")
        return watch.result(found, None)

    def changes(
        self,
        place: Place,
        requests: Iterator[bytes],
        connections: int = FORM_CONNECTIONS,
        answer: int = 303,
        warm: bool = False,
    ) -> tuple[Result, int]:
        """Measure form submissions that are all different; return the figures, and how many were
        sent.

        `warm`: send some before the measurement, because PostgreSQL plans a statement anew until a
        connection has asked it ten times. Raise Failed if a response has a status other than
        `answer`.
        """
        assert place.drivers  # create them before the clock starts
        constant = place.constant()
        before = load.send(place.port, requests, self.seconds, connections) if warm else None
        place.server.rest()
        watch = Watch(place.server)
        found = load.send(place.port, requests, self.seconds, connections)
        loads = [before, found] if before else [found]
        for load_sent in loads:
            if set(load_sent.statuses) != {answer}:
                raise Failed(f"answered with {dict(load_sent.statuses)}, not all with {answer}")
        return watch.result(found, constant), sum(load_sent.requests for load_sent in loads)


class Watch:
    """Measures what a server uses from now on."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.used = server.seconds_used()
        self.database_used = server.database_seconds_used() or 0
        self.position = server.position()

    def result(self, found: Load, constant: float | None, route: str = "") -> Result:
        """Return the figures of the load that ran meanwhile.

        With `route`, only its requests count for the number of statements.
        """
        self.server.rest()
        used = self.server.seconds_used() - self.used
        database = self.server.database_seconds_used()
        requests = max(
            found.requests, self.server.count_since(self.position)
        )  # includes requests whose response nobody waited for
        rss, pss = self.server.megabytes()
        return Result(
            row="",
            rate=found.rate,
            p50=found.p50,
            p99=found.p99,
            statements=self.server.statements_since(self.position, route),
            cpu=used * 1000 / requests,
            database_cpu=(
                None if database is None else (database - self.database_used) * 1000 / requests
            ),
            rss=rss,
            pss=pss,
            constant=constant,
        )
