"""Forty people, who all have the same password."""

import random

from ...accounts import settings
from ...accounts.credentials import hash_password
from ...accounts.models import User
from ...core.text.names import full_name
from . import texts, world

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

    Some signed up more than a year ago, first of all those who will found the groups.
    """
    kept = hash_password(PASSWORD)  # once for all: hashing is slow on purpose
    cast: Cast = {}
    for home in PEOPLE.values():
        for place, (first_name, last_name, zone) in enumerate(home):
            days = chance.randrange(60, 420) if place else 431
            with world.at(world.ago(days=days)):
                user = world.person(first_name, last_name, DOMAIN, zone=zone, password_hash=kept)
            cast[user.name] = user
    cast[ADMIN].is_admin = True
    for name, wanted in TEXTS["settings"].items():
        settings.apply_settings(
            cast[name], settings.current_settings(cast[name])._replace(**wanted)
        )
    return cast


def of(cast: Cast, home: str) -> list[User]:
    """Return the people of one group, in the order of the list."""
    return [cast[full_name(first, last, False)] for first, last, _zone in PEOPLE[home]]
