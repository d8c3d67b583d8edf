"""manifest.json: everything that a recount needs besides the ballots, and what was published about
it.
"""

import json
from dataclasses import dataclass
from typing import Any

from . import validation
from .canonical_json import Malformed
from .chain import ChainLink

#: Format -> the opening's fields that not every format has. A vote keeps the format with which it
#: opened.
FORMATS = {
    "folkmoot-ballots-3": (validation.LOT, validation.WHO_LEAVES),
    "folkmoot-ballots-2": (validation.LOT,),
    "folkmoot-ballots-1": (validation.SEED,),
}
HASHES = ("root", "prev", "hash")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A closed vote.

    `opening`: as `opening_record.opening` made it; `closes`: the final closing time, in epoch
    seconds; `roll`: how many can vote; `voted`: how many did; `present`: how many of the electoral
    roll were checked in at the event, if that counts; `left`: how many left without having voted,
    if the opening says that they don't count; `result`: the published outcome;
    `lot_secret`: what the opening's commitment binds, empty if the seed was published instead.
    """

    opening: dict[str, Any]
    closes: int
    roll: int
    voted: int
    chain: tuple[ChainLink, ...]
    result: dict[str, Any]
    present: int = 0
    left: int = 0
    lot_secret: str = ""

    @property
    def format(self) -> str:
        """The format of the files."""
        return next(name for name, tells in FORMATS.items() if set(tells) <= set(self.opening))


def written(manifest: Manifest) -> bytes:
    """Return the file: UTF-8, sorted keys, one per line."""
    plain = {
        "format": manifest.format,
        "opening": manifest.opening,
        "closes": manifest.closes,
        "roll": manifest.roll,
        "voted": manifest.voted,
        "present": manifest.present,
        "chain": [link._asdict() for link in manifest.chain],
        "result": manifest.result,
    }
    if validation.WHO_LEAVES in manifest.opening:
        plain["left"] = manifest.left
    if manifest.lot_secret:
        plain["lot_secret"] = manifest.lot_secret
    return (json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def read(file: bytes) -> Manifest:
    """Parse a manifest. Raises Malformed if it isn't a valid one: nothing in it is trusted."""
    found = _parsed(file)
    tells = FORMATS.get(validation.text(validation.mapping(found, "it").get("format"), "format"))
    if tells is None:
        raise Malformed(f"its format is not {' or '.join(FORMATS)}")
    result = validation.mapping(found.get("result"), "result")
    numbers = {
        name: validation.whole(found.get(name), name) for name in ("roll", "voted", "present")
    }
    left = validation.whole(found.get("left"), "left") if validation.WHO_LEAVES in tells else 0
    links = validation.listed(found.get("chain"), "chain")
    if not links:
        raise Malformed("its chain has no link")
    return Manifest(
        opening=validation.opening(found.get("opening"), tells),
        closes=validation.whole(found.get("closes"), "closes", validation.LEAST),
        **numbers,
        left=left,
        chain=tuple(_link(link, f"link {seq}") for seq, link in enumerate(links)),
        result=result,
        lot_secret=validation.digest(found.get("lot_secret"), "lot_secret")
        if validation.LOT in tells
        else "",
    )


def _parsed(file: bytes) -> Any:
    try:
        return json.loads(
            file.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_point,
            parse_constant=_no_point,
            parse_int=_short,
        )
    except Malformed:
        raise
    except (ValueError, RecursionError):
        raise Malformed("it is no JSON in UTF-8") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("it says something twice")
    return found


def _no_point(number: str) -> Any:
    raise Malformed(f"{number[:20]} is no whole number")


def _short(number: str) -> int:
    if len(number) > validation.DIGITS:
        raise Malformed(f"a number has {len(number)} digits")
    return int(number)


def _link(found: Any, name: str) -> ChainLink:
    link = validation.mapping(found, name)
    if sorted(link) != sorted(ChainLink._fields):
        raise Malformed(f"{name} has not the fields {', '.join(ChainLink._fields)}")
    seq, n = (validation.whole(link[key], f"{key} of {name}") for key in ("seq", "n"))
    root, prev, own = (validation.digest(link[key], f"{key} of {name}") for key in HASHES)
    return ChainLink(seq, validation.text(link["kind"], f"kind of {name}"), n, root, prev, own)
