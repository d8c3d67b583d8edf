"""What someone typed into a form that could not be accepted: the error page has it, so that
nothing is lost.
"""

import re
from collections.abc import Mapping
from html import unescape

from flask import g, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

#: Nothing is wrong with the form: it can be sent again as it is.
SEND_AGAIN = {429, 500, 503}
#: The form can't be sent again as it is, and its texts would be lost.
SAY_AGAIN = {400, 401, 403, 404, 409, 410, 422}
#: How forms are sent.
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
#: Fields whose values are never sent back, with their labels.
SECRET_FIELDS = {
    "password": _l("Password"),
    "password_again": _l("Repeat password"),
    "current": _l("Current password"),
    "proof": _l("Password"),
}
#: The names of all fields for a line or a text, in any form.
TEXT_FIELDS: set[str] = set()
#: Fields that aren't shown on a page either, at which others may look; and the fingerprints of a
#: ballot's question (`about`), which nobody wrote.
NOT_COPIED = {*SECRET_FIELDS, "key", "about"}


def to_send_again(status: int) -> list[tuple[str, str]]:
    """Return the form's fields, to be sent again. Its CSRF token is its own, never a new one."""
    return _fields() if status in SEND_AGAIN else []


def to_choose_again(status: int) -> list[str]:
    """Return the names of fields whose files have to be chosen again before the form is sent."""
    return _files() if status in SEND_AGAIN else []


def has_lost_files(status: int) -> bool:
    """Whether files were sent with a form that was refused as a whole: no page gives them back."""
    return status in SAY_AGAIN and bool(_files())


def _fields() -> list[tuple[str, str]]:
    if request.method != "POST" or request.mimetype not in FORMS:
        return []
    try:
        return list(request.form.items(multi=True))
    except (HTTPException, OSError):  # or the disk has no room for its files
        return []


def _files() -> list[str]:
    if not _fields():
        return []
    return [name for name, files in request.files.lists() if any(it.filename for it in files)]


def to_copy(status: int) -> list[str]:
    """Return the texts of a form that was refused as a whole, to be copied: another person may
    have sent them.
    """
    return [text for _name, text in _written(status)]


def _written(status: int) -> list[tuple[str, str]]:
    """Return the fields with their texts, if the status says that nothing was saved."""
    if status not in SAY_AGAIN:
        return []
    choices: dict[str, str] = g.get("refused_choices", {})
    others = {*NOT_COPIED, *choices}
    written = [pair for pair in _fields() if pair[0] not in others and _was_written(*pair)]
    return [*written, *(pair for pair in choices.items() if pair[1])]


class TextsLost(Exception):
    """The page about a refused form has no place for its texts: an error page shows them, or a
    message above the form as it still is.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        self.message: str = g.get("refusal", "")


def note_refusal(reason: str, fields: set[str], choices: Mapping[str, str]) -> None:
    """Note why the form that this request sent is refused, which of its fields must not be lost,
    and in words what was chosen. They are kept no longer than this request.
    """
    g.refusal, g.refused_fields, g.refused_choices = reason, fields, choices


def check(status: int, html: str) -> None:
    """Raise TextsLost if this page about a refused form lost one of its texts, as after a thread
    was locked.
    """
    if are_lost(status, html):
        raise TextsLost(status)


def are_lost(status: int, html: str) -> bool:
    """Whether the page has no field for a text of the form that it refuses, and doesn't quote it.

    One word may be there for another reason.
    """
    if not g.get("refused_fields"):
        return False
    lost_fields = g.refused_fields.difference(re.findall(r'\bname="([^"]*)"', html))
    texts = [text.split() for name, text in _written(status) if name in lost_fields]
    shown = " ".join(unescape(html).split()) if texts else ""
    return any(len(words) == 1 or " ".join(words) not in shown for words in texts)


def carries_words() -> bool:
    """Whether the form has a text that must not be lost on the way to the sign-in."""
    fields = request.form.items()
    return any(_was_written(*field) for field in fields if field[0] not in SECRET_FIELDS)


def _was_written(name: str, value: str) -> bool:
    """Whether a person wrote this, rather than chose it: in fields that aren't known, tokens, ids
    and dates are one word of ASCII characters.
    """
    value, field = value.strip(), name.rpartition("-")[2]  # without the prefix of a form in rows
    is_text = field in TEXT_FIELDS or name in g.get("refused_fields", ())
    return bool(value and is_text or re.search(r"\s|[^\x00-\x7f]|://", value))
