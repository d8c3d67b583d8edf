"""Threads as tests need them, committed."""

from typing import Any

from webapp.conversation import replies, threads
from webapp.core.extensions import db


def thread(
    group: Any, by: Any, title: str = "The gate", words: str = "It squeaks.", **more: Any
) -> Any:
    """A thread that `by` has begun."""
    made = threads.start(group, by, title, words, **more)
    db.session.commit()
    return made


def said(talk: Any, by: Any, words: str = "Oil it.", **more: Any) -> Any:
    """A reply of `by`'s."""
    made = replies.add(talk, by, words, **more)
    db.session.commit()
    return made


def path(talk: Any, rest: str = "") -> str:
    """The thread's address, and what lies under it."""
    return f"{talk.group.path}/conversation/{talk.id}{rest}"
