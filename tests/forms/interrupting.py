"""What happens between opening a page and sending its form: its subject is closed, cancelled or
deleted, or the person leaves. A form that is then refused gives back what was written.
"""

from collections.abc import Callable

import sqlalchemy as sa
from bs4 import Tag

from tests.browser_like import Browser
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.time import clock

from .applying import parsed, put_in
from .filling import Fields, Fill
from .reading import Form

SECRET = {"password", "password_again", "current", "proof", "key"}
#: Changes by tables, with the columns that are set to now.
CLOSED = {"thread": "locked_at", "event": "locked_at", "vote": "closed_at"}
CANCELLED = {"vote": "cancelled_at", "agenda_session": "cancelled_at"}
DELETED = dict.fromkeys(("group", "event", "thread", "vote"), "deleted_at")


def close() -> None:
    """Close threads, events and votes."""
    _set(CLOSED)


def cancel() -> None:
    """Cancel events, sessions and votes."""
    _set(CANCELLED)
    _try("UPDATE event SET state = 'cancelled'")


def delete() -> None:
    """Delete groups, events, threads, votes and replies."""
    _set(DELETED)
    _try("UPDATE reply SET removed_by = 'author', removed_at = :now")


def leave() -> None:
    """End all memberships and roles."""
    for table in ("membership", "event_host"):
        _try(f'DELETE FROM "{table}"')


CHANGES = [close, cancel, delete, leave]


def _set(columns: dict[str, str]) -> None:
    for table, column in columns.items():
        _try(f'UPDATE "{table}" SET {column} = :now')


def _try(statement: str) -> None:
    """Execute it, unless a constraint forbids that for these rows."""
    try:
        with db.session.begin_nested():
            db.session.execute(sa.text(statement), {"now": clock.now().isoformat(" ")})
    except sa.exc.IntegrityError:
        pass


def commit(change: Callable[[], None]) -> None:
    """Carry out the change, as another request does."""
    token = reading.set(False)
    change()
    db.session.commit()
    reading.reset(token)


def written_by(form: Form, fields: Fields) -> list[str]:
    """Return what a person writes into these fields of the form."""
    return [
        " ".join(one.split())
        for control in form.controls
        if _is_for_text(control)
        for one in fields.get(str(control.get("name", "")), [])
        if one.strip()
    ]


def _is_for_text(control: Tag) -> bool:
    if control.get("name") in SECRET or control.get("tabindex") == "-1":
        return False
    return control.name == "textarea" or control.name == "input" and control.get("dir") == "auto"


def lost(page: Browser, tab: Browser, form: Form, fill: Fill, written: list[str]) -> str | None:
    """Return what the answer in `tab` to the form loses, "" if nothing; None if the form was
    accepted.
    """
    assert page.answer is not None
    assert tab.answer is not None
    status = tab.answer.status_code
    if status in (302, 303) and tab.answer.headers["Location"].startswith("/"):
        tab.follow()
    shown = parsed(tab.answer.text)
    if status < 400 and not shown.select(".err, #messages .notice.no"):
        return None
    if fill.by_script:
        shown = parsed(page.answer.text)
        fields = shown.find_all(["input", "textarea"])
        put_in(shown, tab.answer, str(form.tag["hx-target"]), str(form.tag["hx-swap"]))
        if all(field.find_parent("html") for field in fields):
            said = "".join(one.text for one in shown.select("#messages"))
            return "" if "wasn’t sent" in said else f"{status} doesn’t say that it wasn’t sent"
    found = [str(one.get("value") or one.text) for one in shown.find_all(["input", "textarea"])]
    entered = " ".join(" ".join(found).split())
    missing = [text for text in written if text not in entered]
    return f"{status} without {missing}" if missing else ""
