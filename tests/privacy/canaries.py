"""Unique words, each of which knows the column in which it was written, and whose it was.

That decides what happens to it when its author leaves: what was written for a group belongs to the
group.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.time import clock

#: What a row belongs to: a group; an event of the person outside of groups, which is a draft, has
#: no other host, or has one; such an event of someone else; or nothing of these. COMING: an event
#: of their own that hasn't taken place. THEMSELVES: the row is about the person, whoever wrote it.
GROUP, DRAFT, OWN, SHARED, OTHERS, NOWHERE = "group", "draft", "own", "shared", "others", ""
COMING = "coming"
THEMSELVES = "themselves"
#: Reports by the person, without or with a decision.
UNDECIDED, DECIDED = "undecided", "decided"
WORD = re.compile(r"canary\d{5}")
#: Dates and time zones, which the code stores beside words in JSON.
_MADE = re.compile(r"\d{4}-\d\d-\d\d|\w+/\w+$")

#: Columns that people don't write: values from the code, and choices from a list.
CODES = {
    "audit_entry": "action subject_kind details",
    "calendar_feed": "nonce digest",
    "case_step": "action rule",
    "data_export": "file",
    "event": "zone cover",
    "event_file": "kind digest",
    "event_invitation": "address_hash",
    "event_option": "currency",
    "fan_out": "kind",
    "feedback": "tag",
    "group": "zone visibility settings_before_hiding",
    "group_invitation": "nonce address_hash",
    "guest": "zone locale nonce",
    "invitation": "nonce",
    "invited_sign_up": "user_nonce",
    "outgoing_email": "template locale ids message_id",
    "mailed_link": "purpose nonce user_nonce",
    "site_flag": "name",
    "news_source": "error etag last_modified",
    "news_item": "key",
    "notification": "kind scope about url channel",
    "preference": "kind",
    "waitlist_step": "step",
    "refused_address": "address_hash",
    "report_address": "locale",
    "report_case": "kind open_as nonce",
    "rsvp": "ticket",
    "secret_ballot": "tracker choice commitment",
    "secret_link": "root prev hash salt",
    "sign_in": "token_hash",
    "site_setting": "name",
    "user": "password_hash terms_version came_for zone locale theme accent text_size nonce",
    "vote": "zone roles seed lot_secret lot_commitment finding opening",
    "ballot": "choice",
}
#: Columns that no account of a person fills, each with its author.
OF_NOBODY = {
    "category.name": "the site's admins, for the site",
    "category.slug": "the site's admins, for the site",
    "guest.email": "people without an account",
    "guest.name": "people without an account",
    "guest.search_text": "people without an account",
    "held_handle.handle": "the site itself, once the account has gone",
    "outgoing_email.last_error": "another server",
    "site_flag.note": "the site itself",
    "news_item.author": "other sites",
    "news_item.body": "other sites",
    "news_item.search_text": "other sites",
    "news_item.summary": "other sites",
    "news_item.title": "other sites",
    "news_item.url": "other sites",
    "news_source.home_url": "other sites",
    "news_source.title": "other sites",
    "site_page.body": "the site's admins, for the site",
    "site_setting.value": "the site's admins, for the site",
}
#: Columns that the code fills with words from other columns.
COPIES = {
    *("event.search_text", "group.search_text", "user.search_text", "mention.handle"),
    *("invitation.email", "outgoing_email.address", "mailed_link.email", "report_address.email"),
}
#: The columns that show whether a row, or one column of it, was written by or about a person. By
#: default these are the foreign keys to users or, without any, all foreign keys.
WRITERS = {
    "case_step": ("user_id", "case_id"),
    "event_question": ("event_id",),
    "event_task": ("event_id",),
    "waitlist_step": ("event_id",),
    "report": ("user_id", "case_id"),
    "report_case": ("author_id",),
    "rsvp.decline_message": ("user_id", "event_id"),
    "speaker": ("user_id", "event_id"),
}


class Origin(NamedTuple):
    """Where a canary was written."""

    column: str
    place: str


class Canaries:
    """The canaries of one test; `origins` by word."""

    def __init__(self) -> None:
        self.origins: dict[str, Origin] = {}

    def word(self, column: str, place: str = NOWHERE) -> str:
        """Return a new canary."""
        word = f"canary{len(self.origins):05}"
        self.origins[word] = Origin(column, place)
        return word

    def within(self, text: str) -> set[Origin]:
        """Return the origins of the canaries in the text."""
        return {self.origins[word] for word in set(WORD.findall(text))}

    def fill(self, user: Any) -> None:
        """Add a canary to every text that `user` has written, or that was written about them,
        unless it has one.
        """
        rows = _Rows(user)
        for table in db.metadata.sorted_tables:
            for row in rows.of[table.name].values():
                for column in texts(table):
                    name = f"{table.name}.{column.name}"
                    value = row[column.name]
                    if (
                        value is None
                        or WORD.search(str(value))
                        or not rows.wrote(table, row, column.name)
                    ):
                        continue
                    if (
                        name in COPIES
                        or name in OF_NOBODY
                        or (name == "thread.title" and row["kind"] != "group")
                    ):
                        continue
                    filled = self._filled(value, column, Origin(name, rows.place(table, row)))
                    change = sa.update(table).where(
                        *(key == row[key.name] for key in table.primary_key)
                    )
                    db.session.execute(change.values({column.name: filled}))
        db.session.commit()

    def _filled(self, value: Any, column: Any, origin: Origin) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(one, column, origin) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one, column, origin) for one in value]
        return self.word(*origin) if isinstance(value, str) and not _MADE.match(value) else value


def texts(table: sa.Table) -> Iterator[sa.Column[Any]]:
    """Yield the columns of the table into which people write words."""
    rules = " ".join(
        str(rule.sqltext) for rule in table.constraints if isinstance(rule, sa.CheckConstraint)
    )
    for column in table.columns:
        is_chosen = (
            re.search(rf"\b{column.name} IN \('", rules)
            or column.name in CODES.get(table.name, "").split()
        )
        if isinstance(column.type, sa.String | sa.JSON | sa.LargeBinary) and not is_chosen:
            yield column


class _Rows:
    """All rows of the database as they are now, with their relations."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.of: dict[str, dict[Any, Any]] = defaultdict(dict)
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)).mappings():
                self.of[table.name][tuple(row[key.name] for key in table.primary_key)] = row
        self.led = {row["group_id"] for row in self.of["membership"].values() if self._owns(row)}
        self.hosted = {
            row["event_id"] for row in self.of["event_host"].values() if row["user_id"] != user.id
        }
        self.threads = {
            row["thread_id"]: row for name in ("event", "vote") for row in self.of[name].values()
        }

    def _owns(self, row: Any) -> bool:
        return bool(row["user_id"] == self.user.id and row["role"] == "owner")

    def wrote(self, table: sa.Table, row: Any, column: str = "") -> bool:
        """Whether the words of the row, or of this column, are by the person or about them."""
        if table.name == "group":
            return row["id"] in self.led
        if table.name in (
            "outgoing_email",
            "invitation",
            "group_invitation",
            "event_invitation",
            "held_handle",
            "audit_address",
        ):
            return self._names(table, row)
        names = WRITERS.get(f"{table.name}.{column}") or WRITERS.get(table.name)
        keys = list(table.foreign_keys)
        if names is None:
            names = tuple(key.parent.name for key in keys if key.column.table.name == "user")
            names = names or tuple(key.parent.name for key in keys)
        return any(self._is_theirs(key, row) for key in keys if key.parent.name in names)

    def _is_theirs(self, key: sa.ForeignKey, row: Any) -> bool:
        there, value = key.column.table, row[key.parent.name]
        if there.name == "user":
            return bool(value == self.user.id)
        return value is not None and self.wrote(there, self.of[there.name][value,])

    def _names(self, table: sa.Table, row: Any) -> bool:
        if table.name == "audit_address":
            entry = self.of["audit_entry"][row["entry_id"],]
            return self.user.id in (entry["actor_id"], entry["subject_id"])
        names = {
            "user_id": self.user.id,
            "by_id": self.user.id,
            "email": self.user.email,
            "address": self.user.email,
        }
        return any(row.get(name) == value for name, value in names.items())

    def place(self, table: sa.Table, row: Any) -> str:
        """Return what the row belongs to, or whom it is about."""
        if table.name in ("speaker", "rsvp") and row["user_id"] == self.user.id:
            return THEMSELVES
        if table.name in ("report", "case_step"):
            case = self.of["report_case"][row["case_id"],]
            if case["author_id"] == self.user.id:
                return THEMSELVES
            if table.name == "report":
                return DECIDED if case["state"] == "closed" else UNDECIDED
        if table.name == "group" or row.get("group_id") is not None:
            return GROUP
        if table.name == "event":
            if row["owner_id"] != self.user.id:
                return OTHERS
            if row["id"] in self.hosted:
                return SHARED
            if row["state"] == "published" and row["ends_at"] > clock.now():
                return COMING
            return DRAFT if row["state"] == "draft" else OWN
        if table.name == "thread":
            return self.place(db.metadata.tables["event"], self.threads[row["id"]])
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            there, value = key.column.table, row[key.parent.name]
            if there.name not in ("user", "outgoing_email", "category") and value is not None:
                found = self.place(there, self.of[there.name][value,])
                if found:
                    return found
        return NOWHERE
