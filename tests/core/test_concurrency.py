"""Few pages render at once; changes and health checks don't wait for them."""

import threading

import pytest

from webapp.core.http import concurrency
from webapp.core.http.concurrency import ConcurrencyLimit

pytestmark = pytest.mark.any_database


class Drawing:
    """An application that is busy until it is told to end, and counts the requests inside."""

    def __init__(self):
        self.inside = threading.Semaphore(0)
        self.end = threading.Event()

    def __call__(self, environ, start_response):
        self.inside.release()
        self.end.wait(10)
        return [b"drawn"]

    def has(self, number, within=5.0):
        """Whether this many more requests come in within so many seconds."""
        return all(self.inside.acquire(timeout=within) for _ in range(number))


@pytest.fixture
def drawing():
    application = Drawing()
    yield application
    application.end.set()


def ask(application, method="GET", path="/events", times=1):
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path}
    threads = [
        threading.Thread(target=application, args=(asked, None), daemon=True) for _ in range(times)
    ]
    for thread in threads:
        thread.start()
    return threads


def test_only_two_pages_render_at_once_and_others_wait(drawing, monkeypatch):
    monkeypatch.setattr(concurrency, "PATIENCE", 30)
    threads = ask(ConcurrencyLimit(drawing), times=5)

    assert drawing.has(2)
    assert not drawing.has(1, within=0.2)
    drawing.end.set()
    assert drawing.has(3)
    for thread in threads:
        thread.join(5)


def test_control_without_the_limit_all_pages_render_at_once(drawing):
    ask(drawing, times=5)

    assert drawing.has(5)


@pytest.mark.parametrize(("method", "path"), [("POST", "/events"), ("GET", "/health/ready")])
def test_changes_and_health_checks_do_not_wait_for_pages(drawing, monkeypatch, method, path):
    monkeypatch.setattr(concurrency, "PATIENCE", 30)
    served = ConcurrencyLimit(drawing)
    ask(served, times=3)
    assert drawing.has(2)

    ask(served, method, path, times=4)

    assert drawing.has(4)


def test_requests_that_waited_too_long_run_anyway(drawing, monkeypatch):
    monkeypatch.setattr(concurrency, "PATIENCE", 0.05)
    ask(ConcurrencyLimit(drawing), times=5)

    assert drawing.has(5)


def test_a_page_that_fails_releases_its_slot(monkeypatch):
    monkeypatch.setattr(concurrency, "PATIENCE", 0)

    def fail(environ, start_response):
        raise ZeroDivisionError

    served = ConcurrencyLimit(fail, at_once=1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            served({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, None)

    assert served._free.acquire(blocking=False)


def test_the_application_has_a_concurrency_limit(app):
    assert isinstance(app.extensions["page_cache"].application, ConcurrencyLimit)
