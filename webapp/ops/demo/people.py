"""Forty people, and the one password that all of them share."""

import random
from datetime import timedelta

from ...accounts import handles, settings
from ...accounts.credentials import hash_password
from ...accounts.models import EVERYONE, GROUPS, User
from ...core.extensions import db
from ...core.time import clock

PASSWORD = "folkmoot demo one"
#: example.org is reserved: no email to it ever reaches anyone (RFC 2606).
DOMAIN = "demo.example.org"

LONDON, AUCKLAND, PORTO_ALEGRE = "Europe/London", "Pacific/Auckland", "America/Sao_Paulo"
ADMIN, ORGANIZER, MEMBER = "Ingrid Solheim", "Aroha Tamatea", "Yuki Hasegawa"

PEOPLE: dict[str, list[tuple[str, str, str]]] = {
    "garden": [
        ("Marek", "Dvořák", LONDON),
        ("Isla", "Drummond", LONDON),
        ("Callum", "Reid", LONDON),
        ("Yuki", "Hasegawa", LONDON),
        ("Aoife", "Brennan", "Europe/Dublin"),
        ("Priya", "Nair", LONDON),
        ("Tomasz", "Wiśniewski", LONDON),
        ("Fatima Zahra", "Idrissi", LONDON),
        ("Hamish", "Sinclair", LONDON),
        ("Chiara", "Bonetti", LONDON),
        ("Olu", "Adeyemi", LONDON),
        ("Mei-Ling", "Chow", LONDON),
        ("Jakub", "Nowak", "Europe/Warsaw"),
        ("Ingrid", "Solheim", "Europe/Oslo"),
        ("Achieng", "Otieno", "Africa/Nairobi"),
    ],
    "river": [
        ("Aroha", "Tamatea", AUCKLAND),
        ("Wiremu", "Paki", AUCKLAND),
        ("Sione", "Latu", AUCKLAND),
        ("Hana", "Ngata", AUCKLAND),
        ("Lucy", "Penfold", AUCKLAND),
        ("Tāne", "Hōhepa", AUCKLAND),
        ("Anjali", "Deshpande", "Asia/Kolkata"),
        ("Noah", "Whittaker", AUCKLAND),
        ("Leilani", "Fifita", "Pacific/Tongatapu"),
        ("Kenji", "Watanabe", "Asia/Tokyo"),
        ("Ruth", "Akuhata", AUCKLAND),
        ("Soo-jin", "Park", "Asia/Seoul"),
        ("Rawiri", "Moana", AUCKLAND),
    ],
    "cooperative": [
        ("Luciana", "Ferreira", PORTO_ALEGRE),
        ("João Batista", "Moreira", PORTO_ALEGRE),
        ("Camila", "Schneider", PORTO_ALEGRE),
        ("Rafael", "Guimarães", PORTO_ALEGRE),
        ("Dandara", "Nascimento", PORTO_ALEGRE),
        ("Thiago", "Kowalski", PORTO_ALEGRE),
        ("Beatriz", "Antunes", PORTO_ALEGRE),
        ("Davi", "Lacerda", PORTO_ALEGRE),
        ("Inês", "Carvalho", "Europe/Lisbon"),
        ("Mateo", "Quiroga", "America/Montevideo"),
        ("Helena", "Vargas", PORTO_ALEGRE),
        ("Zeca", "Oliveira", PORTO_ALEGRE),
    ],
}

#: those who settled how the site looks to them
LOOKS = {
    ORGANIZER: {"accent": "river"},
    "Leilani Fifita": {"accent": "heather", "theme": "dark"},
    "Achieng Otieno": {"accent": "clay", "text_size": "large"},
}

Cast = dict[str, User]
#: What some of them say of themselves, to whom, and what interests them; all others say nothing, to
#: people in their groups.
SAYS: dict[str, tuple[str, str, list[str], list[str]]] = {
    "Yuki Hasegawa": (
        EVERYONE,
        "I came to Leith for a year and stayed for the **compost**. I write down what grew where, "
        "so ask me.",
        ["Food and gardens", "Nature", "Languages"],
        ["https://yuki.example.org/garden-notes"],
    ),
    "Ingrid Solheim": (
        EVERYONE,
        "I look after this site. Something does not work? Tell me at the long table.",
        ["Technology"],
        [],
    ),
    "Aroha Tamatea": (
        EVERYONE,
        "Ngāti Hau. I learned the river from my grandmother, and teach it to whoever comes with "
        "boots on.",
        ["Nature", "Children and families"],
        ["https://river.example.org", "mailto:aroha@demo.example.org"],
    ),
    "Marek Dvořák": (
        GROUPS,
        "Joiner. The raised beds are mine; the crooked one, too.",
        ["Repair and making"],
        [],
    ),
    "Luciana Ferreira": (
        GROUPS,
        "Flat 7. I keep the books of the house.",
        ["Neighbourhood", "Music"],
        [],
    ),
}


def create(chance: random.Random) -> Cast:
    """The people stand, by name, with confirmed addresses and the password; some have been here
    for more than a year.
    """
    kept = hash_password(PASSWORD)  # once for all: hashing takes its time on purpose
    cast: Cast = {}
    for first_name, last_name, zone in (person for home in PEOPLE.values() for person in home):
        user = _person(first_name, last_name, zone, kept, days=chance.randrange(60, 420))
        cast[user.name] = user
    cast[ADMIN].is_admin = True
    for name, wanted in LOOKS.items():
        settings.apply_settings(
            cast[name], settings.current_settings(cast[name])._replace(**wanted)
        )
    db.session.flush()
    return cast


def _person(first_name: str, last_name: str, zone: str, kept: str, days: int) -> User:
    handle = handles.proposed(first_name, last_name)
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
    """The people of one group, in the order of the list."""
    return [cast[f"{first_name} {last_name}"] for first_name, last_name, _zone in PEOPLE[home]]
