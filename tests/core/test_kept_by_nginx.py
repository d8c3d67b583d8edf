"""What nginx keeps with deploy/nginx.conf, found by looking into the folder of its cache: visitors'
pages for a second, and nothing that the application says nobody may store.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests import factories, sample_site, snapshots
from tests.deploy.deployed_site import Answer, Proxy, nginx
from tests.processes import eventually
from webapp.accounts import sign_ins
from webapp.core.extensions import db
from webapp.core.http.errors import SIGN_IN
from webapp.core.http.page_cache import PUBLIC

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("context")]

HERE = {"Host": "127.0.0.1"}


@pytest.fixture
def behind(app: Flask) -> Iterator[int]:
    """Serve the application; the port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(behind: int, tmp_path: Path) -> Iterator[Proxy]:
    """An nginx in front of it."""
    with nginx(tmp_path / "proxy", [behind], [behind]) as made:
        yield made


def kept(proxy: Proxy) -> dict[str, str]:
    """Return what nginx has stored, by the path."""
    found = {}
    for path in (proxy.folder / "cache").rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("latin-1")
            found[re.search(r"\nKEY: \w+?127\.0\.0\.1(\S*)\n", text).group(1)] = text
    return found


@pytest.mark.long(10)
def test_nginx_stores_nothing_that_nobody_may_store(app: Flask, proxy: Proxy) -> None:
    """Every page as a visitor sees it, asked for twice: also refusals, and pages behind links that
    let anyone in.
    """
    here = snapshots.sample_site_of(app, secret=False)
    rules = [rule for rule in sample_site.rules(app, "GET") if rule.rule != "/live"]
    paths = [path_of(here, rule) for rule in rules] + ["/nothing-here"]
    answers = {path: [proxy.ask(path, **HERE), proxy.ask(path, **HERE)] for path in paths}
    stored = kept(proxy)

    public = {path for path, (one, _two) in answers.items() if is_public(one)}
    assert len(public) > 15
    assert set(stored) <= public
    assert all("\r\nCache-Control: public" in text for text in stored.values())
    assert {path for path, two in answers.items() if two[1].headers["X-Cache"] == "HIT"} <= public
    assert sum("marked" in path for path in paths) > 8
    assert not any("marked" in text for text in stored.values())


def path_of(here: Any, rule: Any) -> str:
    """Return the rule's path, with a token that can be found again."""
    values = {name: here.value(rule, name) for name in rule.arguments}
    return str(rule.build(values | ({"token": "marked"} if "token" in values else {}))[1])


def is_public(answer: Answer) -> bool:
    return answer.headers.get("Cache-Control", "").startswith("public")


def test_nginx_stores_refusals_only_where_a_visitors_page_was(proxy, ana):
    event = factories.event(ana, title="Seed swap")
    assert [proxy.ask(event.path, **HERE).status for _one in range(2)] == [200, 200]

    event.state = "draft"
    db.session.commit()
    assert eventually(lambda: proxy.ask(event.path, **HERE).status == 404)
    for language in ("en", "mi"):
        gone = proxy.ask(event.path, **HERE, Accept_Language=language)
        assert (gone.status, gone.headers["Cache-Control"]) == (404, PUBLIC)
        assert {"Accept-Language", "HX-Request"} <= set(gone.headers["Vary"].split(", "))
    assert "404 NOT FOUND" in kept(proxy)[event.path]

    for path in ("/account", "/nothing-here", f"{event.path}/manage"):
        answers = [proxy.ask(path, **HERE) for _one in range(3)]
        assert {answer.headers["X-Cache"] for answer in answers} == {"MISS"}, path
        assert path not in kept(proxy)


def test_nginx_caches_a_visitors_page_for_a_second_then_revalidates(proxy, ana):
    event = factories.event(ana, title="Seed swap")
    states = [proxy.ask(event.path, **HERE).headers["X-Cache"] for _one in range(9)]
    assert states[0] == "MISS"
    assert "HIT" in states
    assert eventually(lambda: proxy.ask(event.path, **HERE).headers["X-Cache"] == "REVALIDATED", 20)

    event.title = "Seeds and stories"
    db.session.commit()
    assert eventually(lambda: "Seeds and stories" in proxy.ask(event.path, **HERE).text, 20)


def test_nginx_never_caches_a_members_page_or_shows_it_to_visitors(app, proxy, ana):
    event = factories.event(ana, factories.group(ana), title="Board meeting", audience="group")
    cookie = _cookie_of(app, ana)

    for _ in range(2):
        answer = proxy.ask(event.path, **HERE, Cookie=cookie)
        assert (answer.status, answer.headers["X-Cache"]) == (200, "BYPASS")
        assert "Board meeting" in answer.text
    assert proxy.ask(event.path, **HERE).status == 404
    proxy.ask("/", **HERE)
    assert "Ana" in proxy.ask("/", **HERE, Cookie=cookie).text
    assert "Ana" not in proxy.ask("/", **HERE).text
    assert "Board meeting" not in "".join(kept(proxy).values())


def _cookie_of(app: Flask, user: Any) -> str:
    secret = sign_ins.create_for(user, app.config, device="Tests")
    db.session.commit()
    signed = app.session_interface.get_signing_serializer(app).dumps({SIGN_IN: secret})
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"
