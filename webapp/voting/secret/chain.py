"""The hash chain of a secret vote: each link contains the hash of the previous one, so nobody can
change earlier links and keep the head.

`open` commits to the question and the electoral roll; `mix` and `close` to the ballots at that
time; `extend` to a new closing time.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .canonical_json import canon, digest

OPEN, MIX, EXTEND, CLOSE = KINDS = ("open", "mix", "extend", "close")
#: What the first link has as the previous hash.
NOTHING = "0" * 64


class ChainLink(NamedTuple):
    """A link of the chain.

    `n`: how many ballots there were; `root`: the hash it commits to; `prev`: the previous link's
    hash.
    """

    seq: int
    kind: str
    n: int
    root: str
    prev: str
    hash: str


def opening_hash(opening: Mapping[str, Any]) -> str:
    """Return the hash of a question, its rules and its electoral roll. It's public from opening on,
    and emailed to all voters.
    """
    return digest("folkmoot-open-1", canon(dict(opening)))


def extension_root(closes: int) -> str:
    """Return the root for a new closing time, in epoch seconds."""
    return opening_hash({"closes": closes})


def first(opened: str) -> ChainLink:
    """Return the first link of a vote, from its opening hash."""
    return _linked(0, OPEN, 0, opened, NOTHING)


def next_link(previous: ChainLink, kind: str, n: int, root: str) -> ChainLink:
    """Return the next link. For an extension, `n` is the previous link's."""
    return _linked(previous.seq + 1, kind, n, root, previous.hash)


def sound(links: Sequence[ChainLink]) -> int | None:
    """Return the number of the first link that doesn't follow from those before it; None if all do.
    The chain of an open vote has no `close`.
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
    """`open` comes only first, nothing follows `close`, and the number of ballots never
    decreases.
    """
    if previous is None:
        return link.kind == OPEN and link.n == 0
    follows = link.kind in (MIX, CLOSE) or (link.kind == EXTEND and link.n == previous.n)
    return follows and previous.kind != CLOSE and link.n >= previous.n
