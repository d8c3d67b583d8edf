"""Rows as the rules leave them, committed, with as little said as a test needs to say."""

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

#: argon2id of PASSWORD, made once with the lightest parameters: hashing is not what most tests are
#: about.
PASSWORD = "correct Horse 7 battery"
_hash: list[str] = []
_together: list[bool] = []


def forget() -> None:
    """Numbers in names begin again at 1."""
    global _numbers
    _numbers = count(1)


def password_hash() -> str:
    """A cheap argon2id hash of PASSWORD."""
    if not _hash:
        from argon2 import PasswordHasher

        _hash.append(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD))
    return _hash[0]


def user(first_name: str = "Eve", last_name: str = "", **values: Any) -> User:
    """An account whose address is confirmed."""
    number = next(_numbers)
    last_name = last_name or f"Person{number}"
    handle = values.pop("handle", slugify(f"{first_name}-{last_name}"))
    values.setdefault("email", f"{handle}@example.org")
    values.setdefault("verified_at", clock.now())
    values.setdefault("approved_at", clock.now())
    values.setdefault("password_hash", password_hash())
    return _kept(User(first_name=first_name, last_name=last_name, handle=handle, **values))


def group(owner: User, *members: User, name: str = "", **values: Any) -> Group:
    """A group that `owner` owns and `members` belong to; open for joining unless said otherwise."""
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
    """`user` belongs to the group in `role`."""
    group.member_count += 1
    return _kept(Membership(group_id=group.id, user_id=user.id, role=role))


def event(
    owner: User, group: Group | None = None, starts_at: datetime | None = None, **values: Any
) -> Event:
    """A published event in a week's time, two hours long, seen by everyone."""
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
    """Whatever is made here is committed at the end, at once: for those who make many rows."""
    _together.append(True)
    try:
        yield
    finally:
        _together.pop()
    db.session.commit()


def _kept(row: Any) -> Any:
    """The row, as it was written: to read each of them again took a tenth of the time of all tests.
    Requests, jobs and verbs that commit or roll back have the session forget it, as ever."""
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
