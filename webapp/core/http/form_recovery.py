"""What someone typed into a form that could not be accepted: the error page has it, so that
nothing is lost.
"""

import re

from flask import request
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
#: Fields that aren't shown on a page either, at which others may look.
NOT_COPIED = {*SECRET_FIELDS, "key"}


def to_send_again(status: int) -> list[tuple[str, str]]:
    """Return the form's fields, to be sent again. Its CSRF token is its own, never a new one."""
    if request.method != "POST" or status not in SEND_AGAIN or request.mimetype not in FORMS:
        return []
    try:
        return list(request.form.items(multi=True))
    except (HTTPException, OSError):  # or the disk has no room for its files
        return []


def to_choose_again(status: int) -> list[str]:
    """Return the names of fields whose files have to be chosen again before the form is sent."""
    if not to_send_again(status):
        return []
    return [name for name, files in request.files.lists() if any(it.filename for it in files)]


def to_copy(status: int) -> list[str]:
    """Return the texts of a form that was refused as a whole, to be copied: another person may
    have sent them.
    """
    if request.method != "POST" or status not in SAY_AGAIN:
        return []
    try:
        pairs = list(request.form.items(multi=True))
    except (HTTPException, OSError):  # or the disk has no room for its files
        return []
    return [value for name, value in pairs if name not in NOT_COPIED and _was_written(value)]


def carries_words() -> bool:
    """Whether the form has a text that must not be lost on the way to the sign-in."""
    fields = request.form.items()
    return any(_was_written(value) for name, value in fields if name not in SECRET_FIELDS)


def _was_written(value: str) -> bool:
    """Whether a person wrote this, rather than chose it: tokens, ids and dates are one word of
    ASCII characters.
    """
    return re.search(r"\s|[^\x00-\x7f]|://", value.strip()) is not None
