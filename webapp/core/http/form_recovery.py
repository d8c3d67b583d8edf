"""Show what someone typed into a form that was refused, so that nothing is lost."""

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

#: Status codes after which the same form can be sent again unchanged.
SEND_AGAIN = {429, 500, 503}
#: Status codes after which the form can't be sent again, so its texts would be lost.
SAY_AGAIN = {400, 401, 403, 404, 409, 410, 422}
#: The content types of forms. Files have to be chosen again.
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
#: Fields whose values are never sent back, with their labels.
SECRET_FIELDS = {
    "password": _l("Password"),
    "password_again": _l("Repeat password"),
    "current": _l("Current password"),
    "proof": _l("Password"),
}
#: Fields that are also left out of pages that someone else may see.
NOT_COPIED = {*SECRET_FIELDS, "key"}


def to_send_again(status: int) -> list[tuple[str, str]]:
    """Return the fields of a form that can be sent again.

    It keeps its own token: never a new one.
    """
    if request.method != "POST" or status not in SEND_AGAIN or request.mimetype not in FORMS:
        return []
    try:
        return list(request.form.items(multi=True))
    except HTTPException:
        return []


def to_copy(status: int) -> list[str]:
    """Return the texts of a refused form, for copying only: someone else may have sent it."""
    if request.method != "POST" or status not in SAY_AGAIN:
        return []
    try:
        pairs = list(request.form.items(multi=True))
    except HTTPException:
        return []
    return [value for name, value in pairs if name not in NOT_COPIED and " " in value.strip()]


def carries_words() -> bool:
    """Whether the form contains a text of more than one word, which must survive the way to
    sign-in.
    """
    return any(
        " " in value.strip() for name, value in request.form.items() if name not in SECRET_FIELDS
    )
