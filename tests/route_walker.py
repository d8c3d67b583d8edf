"""Requests every route as every role, and checks who gets in and what must hold for every
response.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.routing import Rule

from tests import sample_site, snapshots
from tests.security.answers import kept_wrongly, weak_in
from webapp.core.extensions import db

LETTERS = {403: "f", 404: "n"}
#: GETs that may change a table, each with its reason (TRUST 3.5.3).
MAY_CHANGE = {
    "inbox.show": {"notification"},  # opening a line marks it as read
    "event_comments.show": {"thread_reader", "notification"},  # the same, for an event
    "vote_comments.show": {"thread_reader", "notification"},  # the same, for a vote
    "threads.show": {
        "thread_reader",
        "notification",
    },  # so does opening a thread, and the position in it is stored
}
#: A refusal adds entries to the audit log.
REFUSED = ("audit_entry", "audit_address")


class Walk:
    """Requests routes with one method as every role, in an open or in a secret group.

    `weak`: headers missing in a response; `kept`: headers that would let a response be cached where
    it may not; `changed`: tables changed by GETs.
    """

    def __init__(self, app: Any, method: str, secret: bool) -> None:
        self.app, self.method, self.secret = app, method, secret
        self.weak: list[str] = []
        self.kept: list[str] = []
        self.changed: list[tuple[str, set[str]]] = []
        self.here = snapshots.sample_site_of(app, secret)
        self._fingerprints = fingerprints() if method == "GET" else {}

    def letters(self, rule: Rule, roles: Sequence[str] = sample_site.ROLES) -> str:
        """Return what each role gets, in order: y(es), s(ign-in), f(orbidden), n(ot found).
        If a role changed something with a form, the site is restored before the next role.
        """
        return " ".join(self._asked(rule, role) for role in roles)

    def _asked(self, rule: Rule, role: str) -> str:
        tab, path = self.here.browser(self.app, role), self.here.path(rule)
        if rule.endpoint in MAY_CHANGE:
            self.look_back()
        committed = snapshots.committed(self.app)
        answer = tab.get(path) if self.method == "GET" else tab.post(path)
        letter, status = letter_of(answer), answer.status_code
        self._look_at(answer, rule, role)
        answer.close()
        db.session.rollback()
        db.session.expire_all()
        self.app.extensions["limits"].reset()
        if self.method == "POST":
            self.here = (
                snapshots.sample_site_of(self.app, self.secret) if letter == "y" else self.here
            )
        elif status == 403:
            self._fingerprints |= fingerprints(REFUSED)
        elif snapshots.committed(self.app) != committed:
            self._find_out(f"{rule} as {role}", MAY_CHANGE.get(rule.endpoint, set()))
        return letter

    def _look_at(self, answer: Any, rule: Rule, role: str) -> None:
        where = f"{self.method} {rule} as {role}: {answer.status_code}"
        self.weak += [f"{where} {name}" for name in weak_in(answer, rule.endpoint)]
        if self.method == "GET" and kept_wrongly(answer, rule.endpoint, role == "visitor"):
            self.kept.append(
                f"{where} {answer.headers.get('Cache-Control')} {answer.headers.get('Vary')}"
            )

    def look_back(self) -> None:
        """Record in `changed` what refused requests changed."""
        if self.method == "GET":
            self._find_out("whoever was refused", set())

    def _find_out(self, who: str, may: set[str]) -> None:
        """Something was committed, perhaps in another process: record which tables changed."""
        before, self._fingerprints = self._fingerprints, fingerprints()
        changed = {name for name, said in self._fingerprints.items() if said != before[name]} - may
        if changed:
            self.changed.append((who, changed))


def fingerprints(tables: Iterable[str] | None = None) -> dict[str, str]:
    """Return a hash of the rows of each of these tables, or of all."""
    found = {}
    with db.engine.connect() as connection:
        for table in db.metadata.tables if tables is None else tables:
            asked = connection.exec_driver_sql(f'SELECT * FROM "{table}"')
            rows = sorted(repr(tuple(row)) for row in asked)
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        connection.rollback()
    return found


def letter_of(answer: Any) -> str:
    """Return the letter of a response; unexpected status codes as numbers."""
    if answer.status_code in LETTERS:
        return LETTERS[answer.status_code]
    if answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in"):
        return "s"
    return "y" if answer.status_code in (200, 204, 303, 304, 409, 422) else str(answer.status_code)
