"""deploy/nginx.conf on a real nginx with real processes: TLS, streams, visitors' pages, and which
proxies are trusted.
"""

import re
import socket
import subprocess
import threading
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from scripts.services import find
from tests import factories
from tests.processes import eventually
from webapp.core.extensions import db
from webapp.core.http.page_cache import PRIVATE, PUBLIC, VARY, VARY_OF_REFUSALS
from webapp.core.live.hub import Hub

from .deployed_site import DEPLOY, NAME, Proxy, Stream, ask, connect, csrf_token, nginx, replaced

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("served")]


@pytest.fixture(scope="module")
def running(served, tmp_path_factory):
    """`web` and `live` behind nginx."""
    with nginx(
        tmp_path_factory.mktemp("nginx") / "proxy", [served.ports["web"]], [served.ports["live"]]
    ) as proxy:
        served.proxy = proxy
        yield served


@pytest.fixture(scope="module")
def app(running):
    """The application on the site's database, instead of the tests' own."""
    return running.app()


@pytest.fixture(autouse=True)
def clean():
    """Keep the site's rows: no test here depends on those of another."""


@pytest.fixture
def proxy(running):
    return running.proxy


@pytest.fixture
def event(app):
    """A public event."""
    with app.app_context():
        ana = factories.user("Ana")
        made = factories.event(ana, factories.group(ana))
        return SimpleNamespace(id=made.id, slug=made.slug, title=made.title)


def test_nginx_accepts_the_example_configuration(tmp_path, proxy):
    for upstreams in ("nginx-upstreams.conf", "nginx-upstreams.compose.conf"):
        text = (
            (DEPLOY / upstreams)
            .read_text()
            .replace("server web:", "server 127.0.0.1:")
            .replace("server live:", "server 127.0.0.1:")
        )
        (proxy.folder / "tried.conf").write_text(text)
        main = replaced(
            (proxy.folder / "nginx.conf").read_text(),
            {"upstreams.conf": "tried.conf", "/pid;": "/tried.pid;"},
        )
        (proxy.folder / "tried-nginx.conf").write_text(main)
        command = [find("nginx"), "-t", "-q", "-p", str(proxy.folder), "-c", "tried-nginx.conf"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), upstreams


def test_http_redirects_to_https_with_its_path(proxy):
    answer = ask(proxy.http, "/events?q=tea", secure=False)

    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/events?q=tea")


def test_a_page_and_its_assets_are_served(proxy, event):
    page = proxy.ask(f"/events/{event.slug}")
    styles = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', page.text)

    assert page.status == 200
    assert event.title in page.text
    assert proxy.ask(styles.group(1)).headers["Cache-Control"].endswith("immutable")


def test_the_sign_in_cookie_is_limited_to_this_host_and_tls(proxy, app):
    with app.app_context():
        person = factories.user("Ben").email
    form = proxy.ask("/sign-in")
    cookie = form.headers["Set-Cookie"]
    fields = {"csrf_token": csrf_token(form), "name": person, "password": factories.PASSWORD}

    headers = {"Cookie": cookie.split(";")[0], "Content_Type": "application/x-www-form-urlencoded"}
    answer = proxy.ask(
        "/sign-in", "POST", urlencode(fields), Referer=f"https://{NAME}/sign-in", **headers
    )

    assert answer.status == 303, answer.text
    for said in (cookie, answer.headers["Set-Cookie"]):
        assert said.startswith("__Host-folkmoot=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(said.split("; "))
        assert "Domain" not in said
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def hears_at_once(proxy, app, event, patience: float) -> bool:
    """Whether a signal reaches an open stream while it stays open."""
    hub = app.extensions["live"]
    try:
        with closing(Stream(proxy.https, [f"event:{event.id}"], patience=patience)) as stream:
            assert stream.next().startswith("retry:")
            return eventually(
                lambda: hub.publish(f"event:{event.id}") or "data:" in stream.next(), patience
            )
    except TimeoutError:
        return False


def test_a_stream_arrives_unbuffered(proxy, app, event):
    assert hears_at_once(proxy, app, event, 20)


@pytest.mark.deep
def test_control_with_nginx_buffering_no_stream_arrives(running, tmp_path, app, event):
    buffering = {
        "proxy_buffering off;": "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;"
    }
    with nginx(
        tmp_path / "proxy", [running.ports["web"]], [running.ports["live"]], **buffering
    ) as proxy:
        assert not hears_at_once(proxy, app, event, 2)


def test_streams_go_to_live_or_to_web_while_live_is_down(running, tmp_path, event):
    nobody = 1
    with (
        nginx(tmp_path / "proxy", [running.ports["web"]], [nobody]) as proxy,
        closing(Stream(proxy.https, [f"event:{event.id}"])) as stream,
    ):
        assert stream.next().startswith("retry:")


def places_for(port: int, event, secure: bool, **headers: str) -> int:
    """Return how many of eight streams one IP address gets, each pretending to come from
    another.
    """
    with ExitStack() as stack:
        opened = []
        for number in range(8):
            claims = {
                "X_Forwarded_For": f"203.0.113.{number}",
                "Forwarded": f"for=203.0.113.{number}",
            }
            opened.append(
                stack.enter_context(
                    closing(Stream(port, [f"event:{event.id}"], secure, **claims, **headers))
                )
            )
        return [stream.status for stream in opened].count(200)


def test_an_ip_address_claimed_by_a_browser_is_ignored(proxy, event):
    assert places_for(proxy.https, event, secure=True) == Hub.EACH


@pytest.mark.deep
def test_control_without_nginx_a_claimed_ip_address_counts(running, event):
    assert places_for(running.ports["live"], event, secure=False, X_Forwarded_Proto="https") == 8


def test_a_forged_host_or_scheme_changes_nothing(proxy):
    forged = {
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Prefix": "/evil",
    }

    assert proxy.ask("/", **forged).status == 200
    assert "evil" not in proxy.ask("/", **forged).text
    assert proxy.ask("/", Host="evil.example").status == 400


def test_nginx_caches_pages_of_visitors_only(proxy, event):
    path = f"/events/{event.slug}"
    states = [proxy.ask(path).headers["X-Cache"] for _ in range(20)]

    assert states[0] == "MISS"
    assert "HIT" in states
    assert proxy.ask(path, Cookie="__Host-folkmoot=anything").headers["X-Cache"] == "BYPASS"
    assert proxy.ask(path, HX_Request="true").headers["X-Cache"] == "BYPASS"
    forms = [proxy.ask("/sign-in").headers["X-Cache"] for _ in range(3)]
    assert "HIT" not in forms


def test_visitors_soon_see_a_change(proxy, app, event):
    path = f"/events/{event.slug}"
    assert proxy.ask(path).status == 200
    with app.app_context():
        from webapp.events.models import Event

        found = db.session.get(Event, event.id)
        found.title, found.version = "A new name", found.version + 1
        db.session.commit()

    assert eventually(lambda: "A new name" in proxy.ask(path).text, 20)


def test_a_matching_etag_gets_304(proxy, event):
    page = proxy.ask(f"/events/{event.slug}")

    answer = proxy.ask(f"/events/{event.slug}", If_None_Match=page.headers["ETag"])

    assert (answer.status, answer.text) == (304, "")


def test_an_oversized_form_gets_the_applications_own_error_page(proxy):
    headers = {"Content_Type": "application/x-www-form-urlencoded"}
    answer = proxy.ask("/sign-in", "POST", "a=" + "x" * (2 * 1024 * 1024 + 100), **headers)

    assert answer.status == 413
    assert "<h1" in answer.text


class Behind(ThreadingHTTPServer):
    """An application stand-in: a visitors' page at /, and pages for one person only."""

    daemon_threads = True
    is_well = True
    instead = 0  # the status that visitors of / get instead of the page

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def leave(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()


class Page(BaseHTTPRequestHandler):
    """One request to it."""

    def do_GET(self) -> None:  # noqa: N802
        known = "Cookie" in self.headers
        status = (self.server.instead or 200) if self.server.is_well else 503
        self.send_response(status)
        if status // 100 == 3:
            self.send_header("Location", "/sign-in?next=/")
        is_public = self.path == "/" and not known and status != 503
        kept = PUBLIC if is_public else PRIVATE
        self.send_header("Vary", ", ".join(VARY if status == 200 else VARY_OF_REFUSALS))
        body = b"for a member" if known else b"for visitors"
        self.send_header("Cache-Control", kept)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words) -> None:
        pass


@pytest.fixture
def behind():
    server = Behind()
    yield server
    server.leave()


MEMBER = {"Cookie": "__Host-folkmoot=anything"}


def test_during_an_outage_visitors_get_cached_pages_and_members_an_error_page(behind, tmp_path):
    port = behind.server_port
    with nginx(tmp_path / "proxy", [port], [port]) as proxy:
        assert proxy.ask("/", **MEMBER).text == "for a member"
        assert (proxy.ask("/").text, proxy.ask("/sign-in").text) == ("for visitors", "for visitors")
        behind.leave()

        assert eventually(lambda: proxy.ask("/").headers["X-Cache"] == "STALE")
        stale = proxy.ask("/")
        assert (stale.status, stale.text) == (200, "for visitors")
        for away in (
            proxy.ask("/", **MEMBER),
            proxy.ask("/sign-in"),
            proxy.ask("/", "POST", "a=b"),
        ):
            assert (away.status, away.headers["Retry-After"], away.headers["Cache-Control"]) == (
                502,
                "10",
                "no-store",
            )
            assert "We’ll be right back" in away.text


def test_visitors_get_cached_pages_while_the_database_is_down(behind, tmp_path):
    port = behind.server_port
    with nginx(tmp_path / "proxy", [port], [port]) as proxy:
        assert proxy.ask("/").status == 200
        behind.is_well = False

        assert eventually(lambda: proxy.ask("/").headers["X-Cache"] == "STALE")
        assert proxy.ask("/").status == 200
        assert (proxy.ask("/", **MEMBER).status, proxy.ask("/sign-in").status) == (503, 503)


def shown_after(instead: int, behind, folder, **changes: str) -> list[int]:
    """Return what visitors get, in each language, of a cached page that has since answered with
    this status in one of them, while nothing responds.
    """
    port = behind.server_port
    with nginx(folder, [port], [port], **changes) as proxy:
        for language in LANGUAGES:
            assert proxy.ask("/", Accept_Language=language).status == 200
        behind.instead = instead
        assert eventually(lambda: asked(proxy, LANGUAGES[0]) == instead)
        behind.is_well = False

        assert eventually(
            lambda: proxy.ask("/", Accept_Language=LANGUAGES[0]).headers["X-Cache"] == "STALE"
        )
        return [asked(proxy, language) for language in LANGUAGES]


LANGUAGES = ("en", "mi", "de")


def asked(proxy: Proxy, language: str) -> int:
    """Return what a visitor with this language gets."""
    return proxy.ask("/", Accept_Language=language).status


@pytest.mark.parametrize("instead", [303, 404])
def test_a_removed_page_is_not_served_from_cache_during_an_outage(behind, tmp_path, instead):
    """Nor is it in a language in which nobody has asked since."""
    assert shown_after(instead, behind, tmp_path / "proxy") == [instead, 503, 503]


@pytest.mark.deep
def test_control_with_uncached_redirects_the_old_page_returns(behind, tmp_path):
    shown = shown_after(303, behind, tmp_path / "proxy", **{"30[12378]|": ""})
    assert shown == [200, 200, 200]


def first_to_arrive(folder, **changes: str) -> str:
    """Return what reaches the application first: a half-sent request, or a complete one sent after
    it.
    """
    with socket.create_server(("127.0.0.1", 0)) as behind:
        port = behind.getsockname()[1]
        with (
            nginx(folder, [port], [port], **changes) as proxy,
            closing(connect(proxy.https)) as half,
            closing(connect(proxy.https)) as whole,
        ):
            half.putrequest("POST", "/half")
            half.putheader("Content-Length", "10")
            half.endheaders(b"name=")
            whole.request("POST", "/whole", "name=nobod")
            arrived, _address = behind.accept()
            with arrived:
                return arrived.recv(200).split()[1].decode()


def test_nginx_buffers_half_sent_requests(tmp_path):
    assert first_to_arrive(tmp_path / "proxy") == "/whole"


@pytest.mark.deep
def test_control_without_buffering_half_sent_requests_reach_the_application(tmp_path):
    passed_on = {"proxy_request_buffering on;": "proxy_request_buffering off;"}
    assert first_to_arrive(tmp_path / "proxy", **passed_on) == "/half"


def test_internal_endpoints_get_404(proxy: Proxy):
    assert proxy.ask("/metrics").status == 404


SECRETS = [
    "/calendars/1/marked.ics",
    "/guests/1/marked/rsvp",
    "/%67uests/1/marked",
    "//invitations/1/marked",
    "/sign-in?next=/invitations/1/marked",
    "/events?words=marked",
]


def logs_of(folder, **changes: str) -> dict[str, str]:
    """Return what nginx logs of requests for SECRETS, and of one from such a page, while nothing
    responds.
    """
    gone = 1
    with nginx(folder, [gone], [gone], **changes) as proxy:
        for port, secure in ((proxy.https, True), (proxy.http, False)):
            for path in SECRETS:
                assert ask(port, path, secure=secure).status in {308, 502}
            ask(
                port,
                "/static/css/site.css",
                secure=secure,
                Referer=f"https://{NAME}/guests/1/marked",
            )
    return {name: (folder / name).read_text() for name in ("access.log", "error.log")}


def test_no_log_contains_a_url_that_grants_access(tmp_path):
    logs = logs_of(tmp_path / "proxy")

    assert "marked" not in "".join(logs.values())
    assert '"GET /static/css/site.css" 502' in logs["access.log"]
    assert '"GET /events" 308' in logs["access.log"]


@pytest.mark.deep
def test_control_with_nginx_default_logs_those_urls_are_logged(tmp_path):
    own = {
        "access.log folkmoot if=$folkmoot_logged;": "access.log;",
        "error.log crit;": "error.log error;",
    }
    logs = logs_of(tmp_path / "proxy", **own)

    for text in logs.values():
        assert "GET /guests/1/marked" in text
        assert f"{NAME}/guests/1/marked" in text
