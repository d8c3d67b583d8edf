"""The drawn side of an id: which landscape, which light, which colour, which initials. Pure."""

from collections.abc import Hashable
from functools import lru_cache
from hashlib import blake2b

SCENES = ("hills", "ring", "river", "field", "trees", "bunting", "stars", "town")
LIGHTS = ("", "dawn", "heath", "river", "harvest", "night")
HUES = 6


@lru_cache(maxsize=8192)
def scene_for(id: Hashable) -> tuple[str, str]:
    """(scene, light): the same for the same id, evenly spread over all of them."""
    number = _number(id)
    return SCENES[number % len(SCENES)], LIGHTS[number // len(SCENES) % len(LIGHTS)]


@lru_cache(maxsize=8192)
def hue_for(id: Hashable) -> int:
    """The hue of an avatar, 1 to 6: the same for the same id."""
    return _number(id) % HUES + 1


@lru_cache(maxsize=8192)
def initials_of(name: Hashable) -> str:
    """The first letters of a name's first and last word; "?" when it has no letter or digit."""
    words = [word for word in (_letters(part) for part in str(name).split()) if word]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def _letters(word: str) -> str:
    return "".join(sign for sign in word if sign.isalnum())


def _number(id: object) -> int:
    return int.from_bytes(blake2b(str(id).encode(), digest_size=4).digest())
