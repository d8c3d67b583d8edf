"""Static files under names that change with their content: compressed beforehand, kept by
browsers for good.
"""

import gzip
import hashlib
import os
import re
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from ...config import ROOT
from .security_headers import STATIC_HEADERS

_SQUEEZED = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}
#: What a page needs travels in one request; the sources stay apart, and are served on their own to
#: pages that need one alone.
BUNDLES = {
    "css/site.css": (
        "css/tokens.css",
        "css/base.css",
        "css/components.css",
        "css/places.css",
        "css/fields.css",
    ),
    "css/event.css": ("css/gallery.css", "css/conversation.css"),
    "css/vote.css": ("css/figures.css", "css/ballots.css", "css/conversation.css", "css/stars.css"),
    "js/site.js": ("js/app.js", "js/live.js"),
    "js/writing.js": ("js/draft.js", "js/mention.js", "js/paste.js"),
    "js/event.js": ("js/draft.js", "js/mention.js", "js/paste.js", "js/rsvp.js", "js/copy.js"),
}
_HASHED = re.compile(r"\.[0-9a-f]{10}\.[a-z0-9]+$")


class Assets:
    """The files of `static/`, written once to `target` under hashed names, beside their gzip and
    brotli forms.
    """

    def __init__(self, source: Path, target: Path) -> None:
        self.target = target
        self.names: dict[str, str] = {}
        self.integrity: dict[str, str] = {}
        for path in sorted(source.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                self._add(path.relative_to(source), path.read_bytes())
        for name, parts in BUNDLES.items():
            self._add(
                Path(name),
                _together([(source / part).read_bytes() for part in parts], Path(name).suffix),
            )

    def _add(self, name: Path, body: bytes) -> None:
        digest = hashlib.sha256(body).hexdigest()[:10]
        hashed = name.with_name(f"{name.stem}.{digest}{name.suffix}")
        self.names[name.as_posix()] = hashed.as_posix()
        self.integrity[name.as_posix()] = (
            "sha384-" + b64encode(hashlib.sha384(body).digest()).decode()
        )
        place = self.target / hashed
        if place.exists():
            return
        if name.suffix in _SQUEEZED:
            self._write(place.with_name(place.name + ".br"), brotli.compress(body))
            self._write(place.with_name(place.name + ".gz"), gzip.compress(body, 9, mtime=0))
        self._write(place, body)

    def _write(self, path: Path, body: bytes) -> None:
        """The file is there whole or not at all; what is unfinished lies beside `target`, which
        others may be reading.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.target.parent, delete=False) as file:
            file.write(body)
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)

    def url(self, name: str) -> str:
        """The address of a file of `static/`. Raises KeyError for one that is not there."""
        return "/static/" + self.names[name]


def _together(parts: list[bytes], suffix: str) -> bytes:
    """The parts as one file: a module keeps its names to itself, in a block of its own."""
    if suffix == ".js":
        parts = [b"{\n" + part + b"}\n" for part in parts]
    return b"\n".join(parts)


class Served(WhiteNoise):
    """The files that were there at the start, and those that another release of the site has built
    beside them since.

    While one release takes over from another, a page of the new one may ask the old one for its
    files.
    """

    def __init__(self, application: Any, target: Path, **options: Any) -> None:
        super().__init__(application, **options)
        self._target = target.resolve()
        self.add_files(str(self._target), prefix="static/")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The file, or what the application answers."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/static/") and path not in self.files and _HASHED.search(path):
            self._look_for(path)
        return super().__call__(environ, start_response)

    def _look_for(self, path: str) -> None:
        file = (self._target / path.removeprefix("/static/")).resolve()
        if file.is_relative_to(self._target) and file.is_file():
            self.add_file_to_dictionary(path, str(file))


def init_app(app: Flask) -> None:
    """`static_url(name)` and `integrity(name)` in templates; the files served before the
    application is asked.
    """
    assets = Assets(ROOT / "static", ROOT / "build" / "static")
    app.extensions["assets"] = assets
    app.jinja_env.globals.update(static_url=assets.url, integrity=assets.integrity.__getitem__)
    app.wsgi_app = Served(  # type: ignore[method-assign]
        app.wsgi_app,
        assets.target,
        max_age=60,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: bool(_HASHED.search(url)),
        add_headers_function=_harden,
    )


def _harden(headers: Any, path: str, url: str) -> None:
    for name, value in STATIC_HEADERS.items():
        headers[name] = value
