"""The chain of a secret vote: each link names the one before, so that nobody can change what was
said earlier and keep the head.

`open` binds the question and the roll; `mix` and `close` the ballots as they were then; `extend`
another end.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .canonical_json import canon, digest

OPEN, MIX, EXTEND, CLOSE = KINDS = ("open", "mix", "extend", "close")
#: what the first link names in place of one before
NOTHING = "0" * 64


class ChainLink(NamedTuple):
    """One link.

    `n`: ballots at that moment; `root`: the hash of what it binds; `prev`: the hash of the link
    before.
    """

    seq: int
    kind: str
    n: int
    root: str
    prev: str
    hash: str


def opening_hash(opening: Mapping[str, Any]) -> str:
    """What stands for a question, its rules and its roll: public from opening on, and emailed to
    all who may vote.
    """
    return digest("folkmoot-open-1", canon(dict(opening)))


def extension_root(closes: int) -> str:
    """What stands for another end, in epoch seconds."""
    return opening_hash({"closes": closes})


def first(opened: str) -> ChainLink:
    """The link with which a vote opens, from its opening hash."""
    return _linked(0, OPEN, 0, opened, NOTHING)


def next_link(previous: ChainLink, kind: str, n: int, root: str) -> ChainLink:
    """The link after this one.

    Whatever another end binds, its `n` is the one of the link before.
    """
    return _linked(previous.seq + 1, kind, n, root, previous.hash)


def sound(links: Sequence[ChainLink]) -> int | None:
    """The number of the first link that does not follow from those before; None where all do.

    A vote that runs has no close.
    """
    previous = None
    for seq, link in enumerate(links):
        if link != _linked(
            seq, link.kind, link.n, link.root, previous.hash if previous else NOTHING
        ):
            return seq
        if not _in_place(link, previous):
            return seq
        previous = link
    return None if links else 0


def _linked(seq: int, kind: str, n: int, root: str, prev: str) -> ChainLink:
    entry = {"kind": kind, "n": n, "prev": prev, "root": root, "seq": seq}
    return ChainLink(seq, kind, n, root, prev, digest("folkmoot-chain-1", canon(entry)))


def _in_place(link: ChainLink, previous: ChainLink | None) -> bool:
    """It opens at the beginning alone, nothing follows a close, and ballots never become fewer."""
    if previous is None:
        return link.kind == OPEN and link.n == 0
    follows = link.kind in (MIX, CLOSE) or (link.kind == EXTEND and link.n == previous.n)
    return follows and previous.kind != CLOSE and link.n >= previous.n
