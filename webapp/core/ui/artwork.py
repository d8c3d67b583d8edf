"""Artwork derived from an id or a name: scene, light, colour and initials. Pure functions."""

from collections.abc import Hashable
from functools import lru_cache
from hashlib import blake2b

SCENES = ("hills", "ring", "river", "field", "trees", "bunting", "stars", "town")
#: Scenes that only a topic chooses, by a word of its slug.
SCENES_OF_TOPICS = {
    "food": "table",
    "cooking": "table",
    "books": "books",
    "reading": "books",
    "writing": "books",
    "learning": "books",
    "science": "books",
    "music": "strings",
    "dance": "strings",
    "singing": "strings",
    "walking": "path",
    "hiking": "path",
    "outdoors": "path",
    "crafts": "tools",
    "repair": "tools",
    "making": "tools",
    "sport": "pitch",
    "sports": "pitch",
    "games": "pitch",
    "languages": "bubbles",
    "discussion": "bubbles",
    "politics": "bubbles",
    "technology": "grid",
    "computers": "grid",
    "gardens": "field",
    "nature": "trees",
    "celebrations": "bunting",
    "children": "bunting",
    "theatre": "stars",
    "film": "stars",
    "neighbourhood": "town",
    "water": "river",
}
ALL_SCENES = frozenset({*SCENES, *SCENES_OF_TOPICS.values()})
LIGHTS = ("", "dawn", "heath", "river", "harvest", "night")
HUES = 6


@lru_cache(maxsize=8192)
def scene_for(id: Hashable, wanted: str | None = None) -> tuple[str, str]:
    """Return (scene, light) of a cover. The id chooses the light.

    `wanted` is a scene, or a topic's slug, of which a known word chooses the scene. Otherwise the
    id does, evenly.
    """
    number = _number(id)
    if wanted in ALL_SCENES:
        return wanted, LIGHTS[number // len(SCENES) % len(LIGHTS)]
    scene = next(filter(None, map(SCENES_OF_TOPICS.get, (wanted or "").split("-"))), None)
    return scene or SCENES[number % len(SCENES)], LIGHTS[number // len(SCENES) % len(LIGHTS)]


@lru_cache(maxsize=8192)
def hue_for(id: Hashable) -> int:
    """Return an avatar's hue, 1 to 6, by the id."""
    return _number(id) % HUES + 1


@lru_cache(maxsize=8192)
def initials_of(name: Hashable) -> str:
    """Return the initials of a name's first and last word; "?" if it has no letter or digit."""
    words = [word for word in (_letters(part) for part in str(name).split()) if word]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def _letters(word: str) -> str:
    return "".join(sign for sign in word if sign.isalnum())


def _number(id: object) -> int:
    return int.from_bytes(blake2b(str(id).encode(), digest_size=4).digest())
