"""Static files with a hash in their names, minified and compressed in advance; browsers keep them
for good.
"""

import gzip
import hashlib
import os
import re
import tempfile
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import brotli
import rjsmin
from flask import Flask
from whitenoise import WhiteNoise

from ...config import ROOT
from .security_headers import STATIC_HEADERS

_SQUEEZED = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}
#: Files that a page loads in one request. The single files are served too, for pages that need only
#: one.
BUNDLES = {
    "css/site.css": (
        "css/tokens.css",
        "css/base.css",
        "css/components.css",
        "css/areas.css",
        "css/fields.css",
    ),
    "css/event.css": ("css/gallery.css", "css/conversation.css"),
    "css/vote.css": ("css/figures.css", "css/ballots.css", "css/conversation.css", "css/stars.css"),
    "js/site.js": ("js/app.js", "js/refresh.js", "js/live.js"),
    "js/writing.js": ("js/draft.js", "js/mention.js", "js/paste.js"),
    "js/event.js": ("js/draft.js", "js/mention.js", "js/paste.js", "js/rsvp.js", "js/copy.js"),
}
_CSS_SPACE = re.compile(rb"/\*.*?\*/|(?<=\n)\s+", re.DOTALL)
_HASHED = re.compile(r"\.[0-9a-f]{10}\.[a-z0-9]+$")


class Assets:
    """Writes the files of `static/` to `target` under hashed names, with gzip and brotli
    versions.
    """

    def __init__(self, source: Path, target: Path) -> None:
        self.target = target
        self.names: dict[str, str] = {}
        self.integrity: dict[str, str] = {}
        for path in sorted(source.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                self._add(path.relative_to(source), minified(path.relative_to(source), path))
        for name, parts in BUNDLES.items():
            bodies = [minified(Path(part), source / part) for part in parts]
            self._add(Path(name), _together(bodies, Path(name).suffix))

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
        """Write the file atomically.

        The temporary file is outside `target`, which others may be reading.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.target.parent, delete=False) as file:
            file.write(body)
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)

    def url(self, name: str) -> str:
        """Return the URL of a file of `static/`. Raises KeyError if there is none."""
        return "/static/" + self.names[name]


def minified(name: Path, path: Path) -> bytes:
    """Return the file's contents: our own scripts and stylesheets without comments and needless
    space, everything else as it is.
    """
    body = path.read_bytes()
    if name.parts[0] == "vendor":
        return body
    if name.suffix == ".js":
        return rjsmin.jsmin(body)
    # A package that minifies CSS made `.a:is(p)` of `.a :is(p)` inside a layer.
    return _CSS_SPACE.sub(b"", body) if name.suffix == ".css" else body


def _together(parts: list[bytes], suffix: str) -> bytes:
    """Join the files; each script gets a block of its own, which keeps its names private."""
    if suffix == ".js":
        parts = [b"{\n" + part + b"}\n" for part in parts]
    return b"\n".join(parts)


class Served(WhiteNoise):
    """Serves the files found at the start, and those that another release has added since.

    During a deployment a page of the new release may ask the old one for its files.
    """

    def __init__(self, application: Any, target: Path, **options: Any) -> None:
        super().__init__(application, **options)
        self._target = target.resolve()
        self.add_files(str(self._target), prefix="static/")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Return the file, or what the application answers."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/static/") and path not in self.files and _HASHED.search(path):
            self._look_for(path)
        return super().__call__(environ, start_response)

    def _look_for(self, path: str) -> None:
        with suppress(ValueError, OSError):  # a name that no file can have
            file = (self._target / path.removeprefix("/static/")).resolve()
            if file.is_relative_to(self._target) and file.is_file():
                self.add_file_to_dictionary(path, str(file))


def init_app(app: Flask) -> None:
    """Add `static_url(name)` and `integrity(name)` to templates, and serve files before the
    application.
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
    if path.endswith((".css", ".js")):  # the policy is for documents, which a drawing can be
        del headers["Content-Security-Policy"]
