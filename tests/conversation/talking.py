"""Threads for tests, committed."""

from typing import Any

from webapp.conversation import replies, threads
from webapp.core.extensions import db


def thread(
    group: Any, by: Any, title: str = "The gate", words: str = "It squeaks.", **more: Any
) -> Any:
    """Create a thread that `by` has started."""
    made = threads.start(group, by, title, words, **more)
    db.session.commit()
    return made


def said(talk: Any, by: Any, words: str = "Oil it.", **more: Any) -> Any:
    """Create a reply of `by`."""
    made = replies.add(talk, by, words, **more)
    db.session.commit()
    return made


def path(talk: Any, rest: str = "") -> str:
    """Return the thread's path, followed by `rest`."""
    return f"{talk.group.path}/conversation/{talk.id}{rest}"
