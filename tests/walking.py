"""How a route answers everybody: one letter a role."""

from typing import Any

from werkzeug.routing import Rule

from tests import stills, world
from webapp.core.extensions import db
from webapp.core.limits import limiter

LETTERS = {403: "f", 404: "n"}


def outcome(app: Any, rule: Rule, method: str, secret: bool) -> list[str]:
    """What each role gets, in the order of `world.ROLES`: y(es), to the s(ign-in), f(orbidden), n(ot there).

    A role that changed something leaves the next one the world as it was.
    """
    letters, here = [], None
    for role in world.ROLES:
        here = here or stills.world_of(app, secret)
        tab = here.browser(app, role)
        path = here.path(rule)
        db.session.rollback()
        answer = tab.get(path) if method == "GET" else tab.post(path)
        letters.append(letter_of(answer))
        answer.close()
        db.session.rollback()
        db.session.expire_all()
        limiter.reset()
        if method == "POST" and letters[-1] == "y":
            here = None
    return letters


def letter_of(answer: Any) -> str:
    """The letter of one answer; what is no answer to anybody is shown as its number."""
    if answer.status_code in LETTERS:
        return LETTERS[answer.status_code]
    if answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in"):
        return "s"
    return "y" if answer.status_code in (200, 204, 303, 304, 409, 422) else str(answer.status_code)
