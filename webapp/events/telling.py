"""Telling people of an event something: those with an account as they have chosen, guests by
mail, for they have nothing else.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from ..accounts.models import User
from ..mail import outbox
from ..notifications import telling
from ..notifications.kinds import KINDS, PLAIN
from .models import Gone, Guest

#: What a guest is written of a kind that has no letter of its own.
NOTICE = "events/notice"


def tell(
    people: Iterable[User | Guest | Gone],
    kind: str,
    url: str,
    words: dict[str, Any] | Callable[[User], dict[str, Any]],
    *,
    scope: str,
    about: str,
    group_id: UUID | None,
    letter: str | None = None,
    by: User | None = None,
    mailed: bool = True,
    **ids: Any,
) -> None:
    """As `notifications.telling.tell`; a guest has the kind's letter, whose function takes `guest`
    where others have `user`.

    A kind without a letter of its own is told to guests by a sentence that names the event alone.
    """
    everyone = list(people)
    users = [person for person in everyone if isinstance(person, User)]
    if users:
        more: dict[str, Any] = {
            "scope": scope,
            "about": about,
            "group_id": group_id,
            "letter": letter,
            "by": by,
        }
        telling.tell(users, kind, url, words, **more, mailed=mailed, **ids)
    for guest in everyone:
        if isinstance(guest, Guest):
            _write(guest, kind, letter, ids)


def _write(guest: Guest, kind: str, letter: str | None, ids: dict[str, Any]) -> None:
    template = letter or KINDS[kind].letters[0]
    if template == PLAIN:
        template, ids = NOTICE, {"event": guest.event_id, "kind": kind}
    outbox.post(template, to=guest.email, locale=guest.locale, guest=guest.id, **ids)
