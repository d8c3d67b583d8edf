"""Artwork derived from an id, a topic, an hour or a name: covers, colours and initials."""

from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

#: A drawn cover: a scene of `static/covers.svg`, and a light of `static/css/components.css`.
Art = tuple[str, str]

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
DAY, NIGHT = ("", "river"), ("night",)
#: The lights from an hour on, until the next one. All-day events have those of noon.
LIGHTS_FROM = {0: NIGHT, 5: ("dawn",), 9: DAY, 17: ("harvest", "heath"), 21: NIGHT}
NOON = 12
HUES = 6


def scene_for(id: Hashable) -> Art:
    """Return the cover of something without an hour or a topic, by its id, evenly."""
    return arts_for(id)[0]


@lru_cache(maxsize=8192)
def arts_for(id: Hashable, wanted: str | None = None, hour: int | None = None) -> tuple[Art, ...]:
    """Return the covers that suit, the best first.

    `wanted` is a scene, which then all have, or a topic's slug, of which a known word chooses the
    first one's scene. Otherwise the id does. `hour` chooses the light, as far as it allows.
    """
    number = _number(id)
    lights = LIGHTS if hour is None else _lights_at(hour)
    start = number // len(SCENES)
    lit = [lights[(start + step) % len(lights)] for step in range(len(lights))]
    return tuple((scene, light) for light in lit for scene in _scenes(number, wanted, hour))


def _scenes(number: int, wanted: str | None, hour: int | None) -> list[str]:
    if wanted in ALL_SCENES:
        return [str(wanted)]
    usual = [SCENES[(number + step) % len(SCENES)] for step in range(len(SCENES))]
    if hour is not None and _lights_at(hour) != NIGHT:
        usual.remove("stars")
    words = (wanted or "").split("-")
    topical = [SCENES_OF_TOPICS[word] for word in words if word in SCENES_OF_TOPICS][:1]
    return topical + [scene for scene in usual if scene not in topical]


def _lights_at(hour: int) -> tuple[str, ...]:
    return LIGHTS_FROM[max(start for start in LIGHTS_FROM if start <= hour)]


def apart(choices: Iterable[Sequence[Art]]) -> list[Art]:
    """Choose a cover from each, so that what is shown together differs as far as it can."""
    chosen: list[Art] = []
    scenes: set[str] = set()
    for arts in choices:
        art = (
            next((art for art in arts if art[0] not in scenes), None)
            or next((art for art in arts if art not in chosen), None)
            or arts[0]
        )
        scenes.add(art[0])
        chosen.append(art)
    return chosen


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
