"""People, and the sign-ins of some of them.

Person 0 is the reader, who reads pages and hosts nothing. 200 people show others when they are
online.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from argon2.low_level import hash_secret

from webapp.accounts import credentials

from .sizes import Size
from .values import Rows, numbered, row_id, text

#: People who show others when they are online.
SHOWN = range(2001, 2201)
PASSWORD = "a lantern by the river 7"
FIRST = (
    "Ana",
    "Ben",
    "Cem",
    "Dora",
    "Eve",
    "Finn",
    "Gita",
    "Hugo",
    "Ines",
    "Jon",
    "Kira",
    "Luis",
    "Mara",
    "Nils",
    "Olga",
    "Paul",
)
LAST = (
    "Almeida",
    "Berg",
    "Costa",
    "Dahl",
    "Ek",
    "Faria",
    "Gil",
    "Holm",
    "Ito",
    "Jansen",
    "Klein",
    "Lima",
)


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield everyone, and one sign-in for each driver."""
    yield Rows("user", PERSON, numbered(_people(size), "user"))
    yield Rows("sign_in", SIGN_IN, numbered(_sign_ins(size, base), "sign_in"))


PERSON = (
    *("id", "handle", "email", "first_name", "last_name", "nonce", "search_text"),
    "shows_presence",
)
SIGN_IN = ("id", "user_id", "token_hash", "expires_at", "created_at")


def _people(size: Size) -> Iterator[tuple[Any, ...]]:
    for number in range(size.people):
        first, last = FIRST[number % 16], f"{LAST[number % 12]}{number}"
        handle = handle_of(number)
        folded = f"{first} {last} {handle}".lower()
        known = (handle, email_of(number), first, last, f"n{number:015}", folded)
        yield (*known, int(number in SHOWN))


def _sign_ins(size: Size, base: datetime) -> Iterator[tuple[Any, ...]]:
    ends = text(datetime.now(UTC) + timedelta(days=20))
    for number in range(size.drivers):
        hashed = hashlib.sha256(secret_of(number).encode()).hexdigest()
        yield (row_id("user", number), hashed, ends, text(base))


def handle_of(number: int) -> str:
    """Return the handle of a person."""
    return f"{FIRST[number % 16]}-{number}".lower()


def email_of(number: int) -> str:
    """Return the email address of a person."""
    return f"{handle_of(number)}@example.org"


def secret_of(number: int) -> str:
    """Return the secret in the session cookie of a driver."""
    return f"bench-sign-in-{number:020}"


@cache
def password_hash() -> str:
    """Return the hash of PASSWORD, which is everyone's password, with the application's
    parameters.
    """
    salt = b"the bench's salt"
    parameters = (credentials.PASSES, credentials.MEMORY, credentials.LANES)
    return hash_secret(
        credentials.normalize(PASSWORD).encode(),
        salt,
        *parameters,
        hash_len=32,
        type=credentials.Type.ID,
    ).decode()
