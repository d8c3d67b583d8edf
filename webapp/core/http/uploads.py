"""Forms with files: their size limits, and the form again if a file is too large.

No large file is kept in memory.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from io import BytesIO
from itertools import chain
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from flask_wtf import csrf
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import EnvironHeaders, FileStorage
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.sansio.multipart import NEED_DATA, Data, Epilogue, Field, File
from wtforms import ValidationError

from ..db import idempotency
from ..extensions import db
from ..storage import pictures
from .errors import UserError
from .limits.allowances import take_more
from .request_limits import CountingDecoder

View = Callable[..., Any]
Row = TypeVar("Row")

MEGABYTE = 1_000_000
#: The largest file accepted: phones with many pixels make JPEGs of 10 to 15 MB.
MOST = 16 * 1024 * 1024
#: The most files, and their largest total size, in a form for several. LIMIT_UPLOADS may allow
#: fewer per minute.
FILES, TOGETHER = 10, 40 * 1024 * 1024
#: The most bytes of other fields in such a form.
BESIDE = 64 * 1024
#: This much of a body that is too large is read, and its files discarded: otherwise browsers don't
#: read the answer, and fields after the file would be missing.
PASSED_OVER = 256 * 1024 * 1024
PIECE = 64 * 1024


class TooLarge(UserError):
    """A file is too large: status 413."""

    status = 413

    def __init__(self, field: str = "picture") -> None:
        super().__init__(_("This file is too large. Files can be up to 16 MB."), field)


class TooMuch(UserError):
    """The files of one form are too large in total: status 413."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            _("Together these are too large. Upload up to 40 MB at a time."),
            "files",
        )


class FilesField(MultipleFileField):
    """A field for several files."""

    def sent(self) -> list[FileStorage]:
        """Return the files chosen, if any."""
        return [file for file in self.data or [] if isinstance(file, FileStorage) and file.filename]

    def chosen(self) -> list[FileStorage]:
        """Return the files chosen; each counts as an upload.

        Raises UserError if there are none or too many, and TooManyRequests if too many came in this
        minute.
        """
        found = self.sent()
        if not found:
            raise UserError(_("Choose at least one file."), self.name)
        most = files_at_once()
        if len(found) > most:
            message = ngettext(
                "Send one file at a time.",
                "Upload up to %(num)d files at a time.",
                most,
            )
            raise UserError(message, self.name)
        take_more("uploads", len(found) - 1)
        return found


def files_at_once() -> int:
    """Return the most files per form, which is no more than the limit of a minute."""
    return min(FILES, current_app.config["LIMIT_UPLOADS"] or FILES)


def content_of(file: FileStorage, field: str = "picture") -> bytes:
    """Return the file's bytes. Raises TooLarge."""
    content = file.stream.read(MOST + 1)
    if len(content) > MOST:
        raise TooLarge(field)
    return content


#: What browsers offer to choose for a picture.
PICTURES_ONLY = {
    "accept": "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic,image/heif"
}


class PicturesField(FilesField):
    """Pictures for a text. The route needs `uploads(..., beside=True)`."""

    def __init__(self, label: Any = _l("Pictures"), **options: Any) -> None:
        super().__init__(label, render_kw={**PICTURES_ONLY, "multiple": True}, **options)

    def contents(self) -> list[bytes]:
        """Return the bytes of the pictures sent; each counts as an upload.

        Raises TooLarge, and TooManyRequests if too many came in this minute.
        """
        found = self.sent()
        take_more("uploads", len(found))
        return [content_of(file, self.name) for file in found]


class PictureField(FileField):
    """A field for one picture."""

    def content_if_sent(self) -> bytes | None:
        """Return the picture's bytes, or None; count it as an upload.

        The route needs `uploads(..., beside=True)`.
        """
        if not isinstance(self.data, FileStorage) or not self.data.filename:
            return None
        take_more("uploads", 1)
        return self.content()

    def __init__(self, label: Any = _l("Picture"), **options: Any) -> None:
        super().__init__(label, render_kw=PICTURES_ONLY, **options)

    def content(self) -> bytes:
        """Return the picture's bytes, and release the database: processing takes a while.

        Raises UserError if none was chosen, and TooLarge.
        """
        if not isinstance(self.data, FileStorage):
            raise UserError(_("Choose a picture."), self.name)
        content = content_of(self.data, self.name)
        db.session.rollback()
        return content


def uploads(
    form_again: View, several: bool = False, beside: bool = False
) -> Callable[[View], View]:
    """Let the route take one file, or `several`; `form_again(refused, **parameters)` answers if
    they are too large.

    With `beside`, files accompany a text: only the files sent count as uploads.
    """
    refused = TooMuch if several else TooLarge

    def mark(view: View) -> View:
        @wraps(view)
        def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            answer: ResponseReturnValue = (
                form_again(refused(), *args, **kwargs)
                if g.get("too_large")
                else view(*args, **kwargs)
            )
            return answer

        inner.takes_file = TOGETHER if several else MOST  # type: ignore[attr-defined]
        inner.counts_files = beside  # type: ignore[attr-defined]
        return inner

    return mark


def pictured_once(
    model: type[Row],
    user: Any,
    kind: pictures.PictureKind,
    content: bytes | None,
    make: Callable[[UUID, UUID | None], Row],
) -> idempotency.Created[Row]:
    """Create the row of this form by `make(id, picture)`, as `create_once` does.

    The picture's files are deleted if the form is refused, or was sent before.
    """
    with pictures.kept(kind, content) as picture:
        created = idempotency.create_once(model, user, lambda id: make(id, picture))
    if picture is not None and not created.is_new:
        pictures.discard(kind, picture)
    return created


def init_app(app: Flask) -> None:
    """Check the size of requests. Call this before anything that reads forms."""
    app.before_request(_measure)


def _measure() -> Any:
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "takes_file", 0)
    if view is None or not most:
        return None
    request.max_content_length = most + BESIDE
    if (request.content_length or 0) <= most + BESIDE:
        return None
    _pass_over()
    g.too_large = True
    return view(**(request.view_args or {}))


def _pass_over() -> None:
    """Read the request without keeping its files. From now on it holds its texts alone, and none
    of those that another site may have sent: the form comes back as it was filled in.

    Of a form that wasn't read to its end nothing is kept: boxes whose fields are missing would
    count as unticked.
    """
    fields = _texts(request.mimetype_params.get("boundary", ""))
    try:
        csrf.validate_csrf(dict(fields).get("csrf_token"))
    except ValidationError:
        fields = []
    body = urlencode(fields).encode()
    request.environ.update({"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    request.environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    request.headers = EnvironHeaders(request.environ)
    for known in ("stream", "content_length", "content_type", "_parsed_content_type", "form"):
        request.__dict__.pop(known, None)


def _texts(boundary: str) -> list[tuple[str, str]]:
    """Read the request's body, and return the name and the value of each text field in it; none
    if the body ends early, isn't a form, or holds more text than a form may.
    """
    room, parts = (current_app.config[f"MAX_FORM_{what}"] for what in ("MEMORY_SIZE", "PARTS"))
    decoder = CountingDecoder(boundary.encode(), room, max_parts=parts) if boundary else None
    found: list[tuple[str, list[bytes]]] = []
    is_text = is_whole = False
    for piece in chain(_body(), [None]):  # None: the end
        try:
            if decoder is not None:
                decoder.receive_data(piece)
            while decoder is not None and (event := decoder.next_event()) is not NEED_DATA:
                if isinstance(event, (Field, File)):
                    is_text = isinstance(event, Field)
                    if is_text:
                        found.append((event.name, []))
                elif isinstance(event, Data) and is_text:
                    room -= len(event.data)
                    if room < 0:
                        raise RequestEntityTooLarge()
                    found[-1][1].append(event.data)
                elif isinstance(event, Epilogue):
                    decoder, is_whole = None, True
        except (ValueError, RequestEntityTooLarge):  # what no browser sends
            decoder = None
    if not is_whole:
        return []
    return [(name, b"".join(pieces).decode(errors="replace")) for name, pieces in found]


def _body() -> Iterator[bytes]:
    body, left = request.environ["wsgi.input"], min(request.content_length or 0, PASSED_OVER)
    try:
        while left > 0 and (piece := body.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
    except OSError as gone:
        raise ClientDisconnected from gone
