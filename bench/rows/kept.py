"""Cached pages: a browser that asks whether its copy is current, and a proxy in front."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path

from scripts import services

from .. import load, processes
from ..bench import Bench, Place, Watch
from ..load import Failed
from ..results import Result, at_least, share
from . import row
from .busy import ALMOST_AS_FAST, beside_commits, committing, unrelated
from .pages import EVENT

NGINX = """
user {user}; daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 2;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=pages:10m;
    map $http_cookie $has_cookie {{ "" 0; default 1; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_cache pages;
            proxy_cache_key $request_uri|$http_accept_language|$http_hx_request|$http_hx_target;
            # A visitor's page is the same for everyone: for one second nobody asks again.
            proxy_ignore_headers Cache-Control Vary;
            proxy_cache_valid 200 1s;
            proxy_cache_lock on;
            proxy_cache_use_stale updating;
            proxy_cache_bypass $has_cookie;
            proxy_no_cache $has_cookie $upstream_http_set_cookie;
            add_header X-Cache $upstream_cache_status;
        }}
    }}
}}
"""  # noqa: E501


@row("event page, unchanged (304)", share(0.35))
def unchanged(bench: Bench) -> Result:
    """The response to a browser that has the current page."""
    place = bench.large
    headers = place.headers(None) | {"If-None-Match": _tag(place)}
    constant = place.constant()
    load.read(place.site.address + EVENT, headers, 1)
    watch = Watch(place.server)
    return watch.result(load.read(place.site.address + EVENT, headers, bench.seconds), constant)


@row("event page, unchanged (304), busy site", ALMOST_AS_FAST)
def unchanged_on_a_busy_site(bench: Bench) -> Result:
    """The same while others write something unrelated."""
    place = bench.large
    tag = _tag(place)
    with committing(place.site.settings["DATABASE_URL"], unrelated(place)) as commit:
        return beside_commits(bench, EVENT, commit, status=304, **{"If-None-Match": tag})


def _tag(place: Place) -> str:
    """Return the ETag of the event's page. Raise Failed if the server doesn't respond to it with
    304.
    """
    tag = place.look(EVENT)[1].get("etag", "")
    if not tag or place.look(EVENT, **{"If-None-Match": tag})[0] != 304:
        raise Failed("the page is not answered with 304 to someone who has it")
    return tag


@row("event page, visitor, behind a proxy", at_least("kept", 1, "kept by the proxy"))
def proxied(bench: Bench) -> Result:
    """Behind nginx, which caches pages of visitors without a cookie for a second."""
    place = bench.large
    with nginx(place) as front:
        place.look(EVENT)
        url = f"http://127.0.0.1:{front}{EVENT}"
        load.read(url, place.headers(None), 1)
        watch = Watch(place.server)
        result = watch.result(load.read(url, place.headers(None), bench.seconds), place.constant())
        result.figures["kept"] = float(_state(place, front) == "HIT")
        if _state(place, front, Cookie=place.reader.cookie) != "BYPASS":
            raise Failed("the proxy gives someone who is signed in what it keeps")
    result.statements = result.cpu = result.database_cpu = None  # of the few that aren't cached
    result.note = "answered by nginx" if result.figures["kept"] else "nginx kept nothing"
    return result


def _state(place: Place, port: int, **headers: str) -> str:
    """Return nginx's cache status for the second of two requests."""
    place.port, own = port, place.port
    try:
        return [place.look(EVENT, **headers)[1].get("x-cache", "") for _ in range(2)][-1]
    finally:
        place.port = own


@contextmanager
def nginx(place: Place) -> Iterator[int]:
    """Run nginx in front of the site for the duration of the block; yield its port."""
    folder: Path = place.site.folder / "nginx"
    folder.mkdir(exist_ok=True)
    port = services.free_port()
    (folder / "nginx.conf").write_text(
        NGINX.format(folder=folder, port=port, behind=place.port, user=getuser())
    )
    command = [
        services.find("nginx"),
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "error.log"),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        if not processes.eventually(lambda: listens(port), 10):
            raise Failed(f"nginx does not answer: {(folder / 'error.log').read_text()[-500:]}")
        yield port
    finally:
        processes.end(process)


def listens(port: int) -> bool:
    """Whether something listens on this port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
