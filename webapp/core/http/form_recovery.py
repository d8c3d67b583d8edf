"""What someone typed into a form that could not be taken: it is on the page that says so,
and nothing of it is lost.
"""

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

#: Where nothing is wrong with what was sent: it can be sent again as it is.
SEND_AGAIN = {429, 500, 503}
#: Where it cannot be sent again as it is, and its words would be gone with it.
SAY_AGAIN = {400, 401, 403, 404, 409, 410, 422}
#: What forms are sent as; files have to be chosen again.
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
#: Fields that are never sent back, with what to call them.
SECRET_FIELDS = {
    "password": _l("Password"),
    "password_again": _l("Repeat password"),
    "current": _l("Current password"),
    "proof": _l("Password"),
}
#: On a page that someone else may look at they do not stand either.
NOT_COPIED = {*SECRET_FIELDS, "key"}


def to_send_again(status: int) -> list[tuple[str, str]]:
    """What the form held that could not be taken, so that it can be sent again; its token is its
    own, never a new one.
    """
    if request.method != "POST" or status not in SEND_AGAIN or request.mimetype not in FORMS:
        return []
    try:
        return list(request.form.items(multi=True))
    except HTTPException:
        return []


def to_copy(status: int) -> list[str]:
    """The texts of a form that was refused as a whole: to be copied, for it may not have been
    this person who sent them.
    """
    if request.method != "POST" or status not in SAY_AGAIN:
        return []
    try:
        pairs = list(request.form.items(multi=True))
    except HTTPException:
        return []
    return [value for name, value in pairs if name not in NOT_COPIED and " " in value.strip()]


def carries_words() -> bool:
    """Whether the form that was sent holds more than a word of someone's own: it must not be
    lost on the way to the sign-in.
    """
    return any(
        " " in value.strip() for name, value in request.form.items() if name not in SECRET_FIELDS
    )
