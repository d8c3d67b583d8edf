"""docs/session-check.md on a real nginx: who reaches a companion service, and what it learns about
them.
"""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests import factories
from tests.processes import ROOT
from webapp.accounts.models import SignIn, User
from webapp.core.extensions import db
from webapp.core.time import clock

from .deployed_site import nginx, signed_in

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("served")]

PAGE = ROOT / "docs" / "session-check.md"
BESIDE_MAPS = "# Behind a load balancer"
INSIDE_SERVER = "    # Not for the outside: Prometheus asks the processes"
FORGED = {
    "X_Folkmoot_User": "someone-else",
    "X_Folkmoot_Handle": "root",
    "X_Folkmoot_Roles": "member,admin",
}


class Wiki(BaseHTTPRequestHandler):
    """A companion service that returns the headers that have reached it."""

    def do_GET(self) -> None:
        body = "\n".join(
            f"{name.lower()}: {value}" for name, value in self.headers.items()
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def log_message(self, *_args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def wiki():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wiki)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def example(port: int, **changes: str) -> dict[str, str]:
    """Return the page's two blocks, each with its place in deploy/nginx.conf; the service listens
    on `port`.
    """
    maps, locations = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(), re.S)
    locations = locations.replace("127.0.0.1:9000", f"127.0.0.1:{port}")
    for old, new in changes.items():
        assert old in locations
        locations = locations.replace(old, new)
    return {BESIDE_MAPS: maps + BESIDE_MAPS, INSIDE_SERVER: locations + INSIDE_SERVER}


@pytest.fixture(scope="module")
def running(served, tmp_path_factory, wiki):
    """Folkmoot and a wiki behind one nginx."""
    port = served.ports["web"]
    with nginx(
        tmp_path_factory.mktemp("check") / "proxy", [port], [port], **example(wiki)
    ) as proxy:
        yield SimpleNamespace(deployed=served, web=port, proxy=proxy)


@pytest.fixture(scope="module")
def app(running):
    """The application on the site's database, instead of the tests' own."""
    return running.deployed.app()


@pytest.fixture(autouse=True)
def clean():
    """Keep the site's rows: no test here depends on those of another."""


@pytest.fixture
def person(app, running):
    """Someone who has just signed in, with the headers of their browser."""
    with app.app_context():
        made = factories.user()
        name, user_id = made.handle, str(made.id)
    headers = signed_in(running.web, name, factories.PASSWORD)
    return SimpleNamespace(handle=name, id=user_id, cookie=headers["Cookie"])


def reached(answer) -> dict[str, str]:
    """Return the headers with which a request has reached the wiki."""
    assert answer.status == 200, answer.text
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


def test_signed_in_people_reach_the_service_with_their_identity(running, person):
    headers = reached(running.proxy.ask("/wiki/Main", Cookie=person.cookie))

    assert headers["x-folkmoot-user"] == person.id
    assert headers["x-folkmoot-handle"] == person.handle
    assert headers["x-folkmoot-roles"] == "member"
    assert headers["host"] == "moot.example.org"


def test_identity_headers_sent_by_browsers_are_dropped(running, person):
    headers = reached(running.proxy.ask("/wiki/Main", Cookie=person.cookie, **FORGED))

    assert (headers["x-folkmoot-user"], headers["x-folkmoot-handle"]) == (person.id, person.handle)
    assert headers["x-folkmoot-roles"] == "member"


@pytest.mark.deep
def test_control_without_the_three_lines_browser_headers_pass(running, person, tmp_path, wiki):
    lines = [
        f"    proxy_set_header X-Folkmoot-{name} $folkmoot_{name.lower()};\n"
        for name in ("User", "Handle", "Roles")
    ]
    with nginx(
        tmp_path / "proxy",
        [running.web],
        [running.web],
        **example(wiki, **dict.fromkeys(lines, "")),
    ) as proxy:
        headers = reached(proxy.ask("/wiki/Main", Cookie=person.cookie, **FORGED))

    assert headers["x-folkmoot-user"] == "someone-else"


@pytest.mark.parametrize("cookies", ["{}", "a=1; {}", "{}; b=2", "a=1; {}; b=2"])
def test_the_service_gets_other_cookies_but_not_the_sign_in(running, person, cookies):
    cookie = cookies.format(person.cookie)
    arrived = reached(running.proxy.ask("/wiki/Main", Cookie=cookie)).get("cookie", "")

    assert "__Host-folkmoot" not in arrived
    assert {part for part in re.split(r"; ?", arrived) if part} == {
        part for part in ("a=1", "b=2") if part in cookie
    }


def test_a_form_reaches_the_service_with_its_content(running, person):
    headers = reached(running.proxy.ask("/wiki/Main", "POST", "words=many", Cookie=person.cookie))

    assert headers["content-length"] == "10"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_visitors_are_redirected_to_sign_in_with_the_way_back(running, method):
    answer = running.proxy.ask(
        "/wiki/Main?action=edit", method, "a=b" if method == "POST" else None, **FORGED
    )

    assert answer.status == 303
    assert answer.headers["Location"] == "/sign-in?next=/wiki/Main?action=edit"


def test_sign_in_redirects_back_to_the_service(running, person):
    way = running.proxy.ask("/wiki/Main?action=edit").headers["Location"]
    answer = running.proxy.ask(way, Cookie=person.cookie)

    assert (answer.status, answer.headers["Location"]) == (303, "/wiki/Main?action=edit")


def test_an_ended_sign_in_and_a_closed_account_are_refused_at_once(running, app, person):
    assert running.proxy.ask("/wiki/Main", Cookie=person.cookie).status == 200
    with app.app_context():
        user = db.session.scalar(sa.select(User).where(User.handle == person.handle))
        user.deactivated_at = clock.now()
        db.session.commit()
    assert running.proxy.ask("/wiki/Main", Cookie=person.cookie).status == 303
    with app.app_context():
        user = db.session.scalar(sa.select(User).where(User.handle == person.handle))
        user.deactivated_at = None
        db.session.commit()
    assert running.proxy.ask("/wiki/Main", Cookie=person.cookie).status == 200
    with app.app_context():
        db.session.execute(sa.delete(SignIn).where(SignIn.user_id == UUID(person.id)))
        db.session.commit()
    assert running.proxy.ask("/wiki/Main", Cookie=person.cookie).status == 303


def test_browsers_cannot_call_the_session_check(running, person):
    assert running.proxy.ask("/session/check", Cookie=person.cookie).status == 404
