"""Forty people, who all have the same password."""

import random
from datetime import timedelta

from ...accounts import handles, settings
from ...accounts.credentials import hash_password
from ...accounts.models import User
from ...core.extensions import db
from ...core.text.names import full_name
from ...core.time import clock
from . import texts

PASSWORD = "folkmoot demo one"
#: example.org is reserved: email to it reaches nobody (RFC 2606).
DOMAIN = "demo.example.org"

LONDON = "Europe/London"
ADMIN, ORGANIZER, MEMBER = "Ingrid Solheim", "Aroha Tamatea", "Yuki Hasegawa"

TEXTS = texts.load("people")
#: Group -> first name, last name, time zone.
PEOPLE: dict[str, list[tuple[str, str, str]]] = TEXTS["people"]

Cast = dict[str, User]


def create(chance: random.Random) -> Cast:
    """Create the people with confirmed addresses; return them by name.

    Some signed up more than a year ago.
    """
    kept = hash_password(PASSWORD)  # once for all: hashing is slow on purpose
    cast: Cast = {}
    for first_name, last_name, zone in (person for home in PEOPLE.values() for person in home):
        user = _person(first_name, last_name, zone, kept, days=chance.randrange(60, 420))
        cast[user.name] = user
    cast[ADMIN].is_admin = True
    for name, wanted in TEXTS["settings"].items():
        settings.apply_settings(
            cast[name], settings.current_settings(cast[name])._replace(**wanted)
        )
    db.session.flush()
    return cast


def _person(first_name: str, last_name: str, zone: str, kept: str, days: int) -> User:
    handle = handles.propose(first_name, last_name)
    since = clock.now() - timedelta(days=days)
    user = User(
        handle=handle,
        email=f"{handle}@{DOMAIN}",
        first_name=first_name,
        last_name=last_name,
        zone=zone,
        password_hash=kept,
        created_at=since,
        verified_at=since + timedelta(minutes=9),
        approved_at=since,
    )
    db.session.add(user)
    db.session.flush()
    return user


def of(cast: Cast, home: str) -> list[User]:
    """Return the people of one group, in the order of the list."""
    return [cast[full_name(first, last, False)] for first, last, _zone in PEOPLE[home]]
