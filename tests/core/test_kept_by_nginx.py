"""A real nginx caches visitors' pages for a second, revalidates them, and never caches a
member's.
"""

import getpass
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from scripts.services import free_port
from tests import factories
from tests.processes import eventually
from webapp.accounts import loader, sign_ins
from webapp.core.extensions import db

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("context")]

CONFIGURATION = """
daemon off;
user {user};
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/pages keys_zone=pages:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host 127.0.0.1:8000;
            proxy_cache pages;
            proxy_cache_revalidate on;
            add_header X-Kept $upstream_cache_status;
        }}
    }}
}}
"""


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
def site(behind: int, tmp_path: Any) -> Iterator[str]:
    """The URL of an nginx in front of it."""
    port, program = (
        free_port(),
        shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"),
    )
    assert program, "nginx is not installed; `make test` installs it on Debian and Ubuntu."
    (tmp_path / "nginx.conf").write_text(
        CONFIGURATION.format(folder=tmp_path, port=port, behind=behind, user=getpass.getuser())
    )
    address = f"http://127.0.0.1:{port}"
    command = [program, "-e", tmp_path / "error.log", "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
    nginx = subprocess.Popen(command)
    try:
        assert eventually(lambda: _answers(f"{address}/health/live"), 10), (
            tmp_path / "error.log"
        ).read_text()
        yield address
    finally:
        nginx.terminate()
        nginx.wait(10)


def _answers(url: str) -> bool:
    try:
        return ask(url)[0] == 200
    except OSError:
        return False


def ask(url: str, **headers: str) -> tuple[int, str, str]:
    """Return (status, nginx's cache status, the page)."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return answer.status, answer.headers.get("X-Kept", ""), answer.read().decode()


def test_nginx_caches_a_visitors_page_for_a_second_then_revalidates(site, ana):
    event = factories.event(ana, title="Seed swap")
    page = site + event.path

    assert ask(page)[1] == "MISS"
    assert ask(page)[1] == "HIT"
    time.sleep(2.1)
    assert ask(page)[1] == "REVALIDATED"

    event.title = "Seeds and stories"
    db.session.commit()
    time.sleep(2.1)
    _, kept, text = ask(page)
    assert kept == "EXPIRED"
    assert "Seeds and stories" in text


def test_nginx_never_caches_a_members_page_or_shows_it_to_visitors(app, site, ana):
    event = factories.event(ana, factories.group(ana), title="Board meeting", audience="group")
    cookie = _cookie_of(app, ana)

    for _ in range(2):
        status, kept, text = ask(site + event.path, Cookie=cookie)
        assert (status, kept) == (200, "MISS")
        assert "Board meeting" in text
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(site + event.path)
    assert refused.value.code == 404
    ask(site + "/")
    assert "Ana" in ask(site + "/", Cookie=cookie)[2]
    assert "Ana" not in ask(site + "/")[2]


def _cookie_of(app: Flask, user: Any) -> str:
    secret = sign_ins.create_for(user, app.config, device="Tests")
    db.session.commit()
    signed = app.session_interface.get_signing_serializer(app).dumps({loader.KEY: secret})
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"
