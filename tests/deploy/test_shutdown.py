"""A process that is told to stop finishes its work: no request, stream or email is lost."""

import http.client
import os
import signal
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from tests import factories
from tests.processes import children, eventually, kill
from webapp.core.extensions import db
from webapp.events.models import Event

from .deployed_site import Answer, Stream, ask, csrf_token, deployed_site, nginx, signed_in
from .releases import is_alive

pytestmark = pytest.mark.services

PEOPLE = 3  # as many as there are workers, so that each has a running request, whatever its class
GONE = (OSError, http.client.HTTPException)


@pytest.fixture
def home(tmp_path):
    """A deployed site with a public event: `home.event`."""
    with deployed_site(tmp_path, WEB_CONCURRENCY=str(PEOPLE)) as made:
        app = made.app()
        with app.app_context():
            ana = factories.user("Ana")
            row = factories.event(ana, factories.group(ana), capacity=20)
            made.event = SimpleNamespace(id=row.id, path=f"/events/{row.slug}")
            made.people = [factories.user("Ben").email for _ in range(PEOPLE)]
            db.session.remove()
            yield made
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def clean():
    """Every test here has its own database, so nothing is emptied."""


@contextmanager
def answers_under_way(home):
    """PEOPLE answers to the event that wait for its row, which the test locks: Futures of their
    statuses, and a function that releases the lock.
    """
    port = home.ports["web"]
    browsers = [signed_in(port, name, factories.PASSWORD) for name in home.people]
    pages = [ask(port, home.event.path, secure=False, **browser) for browser in browsers]
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
        "wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor() as pool, db.engine.connect() as holder, db.engine.connect() as looker:
        looker = looker.execution_options(
            isolation_level="AUTOCOMMIT"
        )  # within a transaction it would see a single moment
        holder.execute(sa.select(Event.id).where(Event.id == home.event.id).with_for_update())

        def answer(browser: dict[str, str], page: Answer) -> int:
            fields = urlencode({"answer": "going", "party": "1", "csrf_token": csrf_token(page)})
            return ask(
                port, f"{home.event.path}/rsvp", "POST", fields, secure=False, **browser
            ).status

        asked: list[Future[int]] = [
            pool.submit(answer, *each) for each in zip(browsers, pages, strict=True)
        ]
        assert eventually(lambda: looker.scalar(waiting) == PEOPLE), home.site.logs()
        yield SimpleNamespace(asked=asked, let_go=holder.rollback)
        holder.rollback()


def seats_taken(home) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(Event.seats_taken).where(Event.id == home.event.id))


def test_requests_in_progress_finish_before_the_process_exits(home):
    web = home.start("web")
    with answers_under_way(home) as under_way:
        web.send_signal(signal.SIGTERM)
        assert eventually(lambda: "Handling signal: term" in home.site.logs())
        assert not any(each.done() for each in under_way.asked)
        under_way.let_go()

        assert [each.result() for each in under_way.asked] == [303] * PEOPLE
    assert web.wait(90) == 0
    assert not home.is_serving("web")
    assert seats_taken(home) == PEOPLE


@pytest.mark.deep
def test_control_without_time_to_finish_requests_are_lost(home):
    web = home.start("web", "--graceful-timeout", "1")
    with answers_under_way(home) as under_way:
        web.send_signal(signal.SIGTERM)
        web.wait(20)
        assert all(isinstance(each.exception(20), GONE) for each in under_way.asked)
    assert seats_taken(home) == 0


def streams(home, name: str, stack: ExitStack) -> list[Stream]:
    topics = [f"event:{home.event.id}"]
    opened = [
        Stream(home.ports[name], topics, secure=False, X_Forwarded_Proto="https") for _ in range(4)
    ]
    for stream in opened:
        stack.callback(stream.close)
        assert stream.next().startswith("retry:")
    return opened


@pytest.mark.deep
@pytest.mark.parametrize("name", ["web", "live"])
def test_streams_end_cleanly_and_the_process_exits(home, name):
    process = home.start(name)
    with ExitStack() as stack:
        opened = streams(home, name, stack)

        process.send_signal(signal.SIGTERM)

        assert all(stream.ends_well() for stream in opened)
        assert process.wait(90) == 0


@pytest.mark.deep
@pytest.mark.parametrize("sign", [signal.SIGHUP, signal.SIGUSR2], ids=lambda sign: sign.name)
@pytest.mark.parametrize("name", ["web", "live"])
def test_streams_end_cleanly_and_open_again_when_workers_are_replaced(home, name, sign):
    process = home.start(name)
    with ExitStack() as stack:
        opened, old = streams(home, name, stack), set(children(process.pid))
        process.send_signal(sign)
        assert eventually(lambda: set(children(process.pid)) - old), home.site.logs()
        if sign == signal.SIGUSR2:
            [second] = set(children(process.pid)) - old
            stack.callback(lambda: eventually(lambda: not is_alive(second)))
            stack.callback(os.kill, second, signal.SIGTERM)

        assert all(stream.ends_well() for stream in opened)
        streams(home, name, stack)


@pytest.mark.deep
def test_control_a_killed_process_cuts_its_streams(home):
    process = home.start("live")
    with ExitStack() as stack:
        opened = streams(home, "live", stack)
        kill(process)

        assert not any(stream.ends_well() for stream in opened)


@pytest.mark.deep
def test_a_browser_reconnects_to_another_process_when_its_own_stops(home, tmp_path):
    for name in ("web", "live", "live-2"):
        home.start(name)
    ports = home.ports
    with nginx(tmp_path / "proxy", [ports["web"]], [ports["live"], ports["live-2"]]) as proxy:
        with closing(Stream(proxy.https, [f"event:{home.event.id}"])) as stream:
            assert stream.next().startswith("retry:")
            leaving = home.site.processes[1]
            leaving.send_signal(signal.SIGTERM)
            assert stream.ends_well()
        with ExitStack() as stack:
            again = [
                stack.enter_context(closing(Stream(proxy.https, [f"event:{home.event.id}"])))
                for _ in range(4)
            ]
            assert [stream.next()[:6] for stream in again] == ["retry:"] * 4
