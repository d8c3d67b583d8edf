"""Accounts as admins can search them, and what they see of one."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import SignIn, User
from ..accounts.reads import WAIT
from ..core.db.keyset import Cursor, KeysetPage, keyset_page
from ..core.extensions import db
from ..core.text.strings import folded, like_pattern, normalize_email
from ..events.models import Event
from ..groups.models import Membership

SIZE = 25
#: Filter -> the condition on User.
SHOWN: dict[str, tuple[Any, ...]] = {
    "": (User.erased_at.is_(None),),
    "waiting": WAIT,
    "unconfirmed": (User.verified_at.is_(None), User.deactivated_at.is_(None)),
    "admins": (User.is_admin, User.deactivated_at.is_(None)),
    "closed": (User.suspended_at.is_not(None), User.erased_at.is_(None)),
    "leaving": (User.deletion_due_at.is_not(None), User.erased_at.is_(None)),
}


@dataclass(frozen=True)
class PeopleSearch:
    """A search: words of names and handle, or a full email address, and a filter."""

    words: str = ""
    show: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The search as URL parameters."""
        return {
            name: value for name, value in {"q": self.words, "show": self.show}.items() if value
        }


class PersonCounts(NamedTuple):
    """How much someone does on the site, but not with whom."""

    groups: int
    events: int
    sign_ins: int


def listed(criteria: PeopleSearch, cursor: Cursor | None) -> KeysetPage:
    """Return matching accounts, newest first. With words, a page reads only a part of the list."""
    fitting: Any = sa.select(User.id, User.created_at, User).where(*SHOWN[criteria.show])
    email = normalize_email(criteria.words) if "@" in criteria.words[1:] else None
    if email is not None:
        fitting = fitting.where(User.email == email)
    for word in folded(criteria.words.lstrip("@")).split() if email is None else []:
        fitting = fitting.where(User.search_text.like(like_pattern(word), escape="\\"))
    among = sa.select(User) if criteria.words and email is None else None
    listing = keyset_page(
        fitting, User.created_at, User.id, cursor, SIZE, latest_first=True, among=among
    )
    return listing._replace(items=[row.User for row in listing.items])


def counts_of(person: User) -> PersonCounts:
    """Return the person's numbers of groups, own events and sign-ins. One statement."""
    groups = (
        sa.select(sa.func.count()).select_from(Membership).where(Membership.user_id == person.id)
    )
    events = (
        sa.select(sa.func.count())
        .select_from(Event)
        .where(Event.owner_id == person.id, Event.deleted_at.is_(None))
    )
    browsers = sa.select(sa.func.count()).select_from(SignIn).where(SignIn.user_id == person.id)
    counted = sa.select(
        groups.scalar_subquery(), events.scalar_subquery(), browsers.scalar_subquery()
    )
    return PersonCounts(*db.session.execute(counted).one())


def status_chips(person: User) -> list[tuple[str, str]]:
    """Return the chips for the account's status: kind and name."""
    said: list[tuple[bool, tuple[str, str]]] = [
        (person.is_admin and person.is_active, ("note", "admin")),
        (not person.is_verified, ("wait", "unconfirmed")),
        (person.is_verified and not person.is_approved, ("wait", "waiting")),
        (person.suspended_at is not None, ("no", "closed")),
        (person.is_leaving, ("wait", "leaving")),
    ]
    return [chip for holds, chip in said if holds]


def by_ids(ids: set[Any]) -> dict[Any, User]:
    """Return those accounts that aren't erased, by id; at most one statement."""
    query = sa.select(User).where(User.id.in_(ids), User.erased_at.is_(None))
    return {user.id: user for user in db.session.scalars(query)} if ids else {}
