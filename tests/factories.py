"""Create committed rows as the rules would, with defaults for everything that a test
doesn't set.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.text.search import search_text_of
from webapp.core.text.strings import slugify
from webapp.core.time import clock, time_zones
from webapp.events.models import PUBLISHED, Event
from webapp.groups.models import JOIN, MEMBER, OPEN, OWNER, Group, Membership

_numbers = count(1)

#: argon2id of PASSWORD, made once with the cheapest parameters: most tests aren't about hashing.
PASSWORD = "correct Horse 7 battery"
_hash: list[str] = []
_together: list[bool] = []


def forget() -> None:
    """Restart the numbers in names at 1."""
    global _numbers
    _numbers = count(1)


def password_hash() -> str:
    """Return a cheap argon2id hash of PASSWORD."""
    if not _hash:
        from argon2 import PasswordHasher

        _hash.append(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD))
    return _hash[0]


def user(first_name: str = "Eve", last_name: str | None = None, **values: Any) -> User:
    """Create an account with a confirmed email address; `last_name` "" for one name."""
    number = next(_numbers)
    last_name = f"Person{number}" if last_name is None else last_name
    handle = values.pop("handle", slugify(f"{first_name}-{last_name}"))
    values.setdefault("email", f"{handle}@example.org")
    values.setdefault("verified_at", clock.now() - timedelta(days=60))  # no newcomer
    values.setdefault("approved_at", clock.now())
    values.setdefault("password_hash", password_hash())
    return _kept(User(first_name=first_name, last_name=last_name, handle=handle, **values))


def group(owner: User, *members: User, name: str = "", **values: Any) -> Group:
    """Create a group with this owner and these members; open for joining by default."""
    name = name or f"Group {next(_numbers)}"
    values.setdefault("visibility", OPEN)
    values.setdefault("join_policy", JOIN)
    values.setdefault("slug", slugify(name))
    topics = " ".join(topic.name for topic in values.get("categories", []))
    text = search_text_of(
        name, f"{values.get('summary', '')} {topics}", place=values.get("location", "")
    )
    made = _kept(Group(name=name, search_text=text, member_count=1 + len(members), **values))
    _kept(Membership(group_id=made.id, user_id=owner.id, role=OWNER))
    for person in members:
        _kept(Membership(group_id=made.id, user_id=person.id, role=MEMBER))
    return made


def membership(group: Group, user: User, role: str = MEMBER) -> Membership:
    """Make `user` a member of the group with this role."""
    group.member_count += 1
    return _kept(Membership(group_id=group.id, user_id=user.id, role=role))


def event(
    owner: User, group: Group | None = None, starts_at: datetime | None = None, **values: Any
) -> Event:
    """Create a published event in a week, two hours long, visible to everyone."""
    zone = values.setdefault("zone", "Europe/Lisbon")
    starts_at = starts_at or time_zones.whole_minute(clock.now()) + timedelta(days=7)
    ends_at = values.pop("ends_at", starts_at + timedelta(hours=2))
    title = values.pop("title", f"Event {next(_numbers)}")
    values.setdefault("state", PUBLISHED)
    values.setdefault("slug", slugify(title))
    return _kept(
        Event(
            title=title,
            search_text=search_text_of(title, place=values.get("venue", "")),
            owner_id=owner.id,
            group_id=group.id if group else None,
            starts_at=starts_at,
            ends_at=ends_at,
            starts_wall=time_zones.wall(starts_at, zone),
            ends_wall=time_zones.wall(ends_at, zone),
            published_at=values.pop(
                "published_at", clock.now() if values["state"] == PUBLISHED else None
            ),
            **values,
        )
    )


@contextmanager
def together() -> Iterator[None]:
    """Commit everything created inside at the end, at once: for tests that create many rows."""
    _together.append(True)
    try:
        yield
    finally:
        _together.pop()
    db.session.commit()


def _kept(row: Any) -> Any:
    """Commit the row without expiring it: reloading each took a tenth of the time of all tests.
    Later commits and rollbacks expire it as usual.
    """
    session = db.session()
    session.add(row)
    if _together:
        session.flush()
        return row
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True
    return row
