"""Groups and their members.

Group 0 is the big one, to which all drivers belong. Every fifth group is closed.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from webapp.core.text import search
from webapp.core.text.strings import folded

from .sizes import GROUPS_EACH, Size
from .values import Rows, numbered, row_id

THEMES = (
    "Walkers",
    "Readers",
    "Gardeners",
    "Singers",
    "Menders",
    "Cyclists",
    "Cooks",
    "Neighbours",
)
PLACES = ("Lisbon", "Porto", "Braga", "Faro", "Évora")
CATEGORIES = ("Outdoors", "Books", "Music", "Food", "Crafts", "Neighbourhood", "Languages", "Games")
DESCRIPTION = (
    "We meet **every other week**, in all weathers.\n\n- Bring what you like to share\n- "
    "Newcomers are welcome\n\n"
    "Write to us before you come for the first time, so that someone looks out for you."
)
SUMMARY = "People who like to be outside, and to talk while they walk"
#: RARE is in the names of three groups in every community, COMMON in one name of eight, and EVERY
#: in all summaries.
RARE, COMMON, EVERY = "zanzibar", "readers", "people"
GROUP = (
    *("id", "slug", "name", "summary", "location", "visibility", "join_policy"),
    *("search_text", "member_count"),
)
MEMBERSHIP = ("id", "group_id", "user_id", "role")


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the topics, the groups and all memberships."""
    topics = [(topic.lower(), topic) for topic in CATEGORIES]
    yield Rows("category", ("id", "slug", "name"), numbered(topics, "category"))
    yield Rows("group", GROUP, numbered(_groups(size), "group"))
    pairs = [
        (row_id("group", group), row_id("category", group % len(CATEGORIES)))
        for group in range(size.groups)
    ]
    yield Rows("group_category", ("group_id", "category_id"), pairs)
    yield Rows("membership", MEMBERSHIP, numbered(_memberships(size), "membership"))


def is_closed(group: int) -> bool:
    """Whether only members see the group and its events."""
    return group % 5 == 4


def name_of(group: int) -> str:
    """Return the name of a group."""
    return f"{THEMES[group % len(THEMES)]} of {PLACES[group % len(PLACES)]} {group}"


def owner_of(group: int, size: Size) -> int:
    """Return the owner of a group, who is never the reader."""
    return 1 + group % (size.people - 1)


@cache
def members_of_all(size: Size) -> dict[int, list[int]]:
    """Return the members of each group, the owner first."""
    members = {group: [owner_of(group, size)] for group in range(size.groups)}
    for person in range(size.people):
        for group in groups_of(person, size):
            if owner_of(group, size) != person:
                members[group].append(person)
    return members


def groups_of(person: int, size: Size) -> list[int]:
    """Return the groups that a person has joined, besides those that they own.

    The reader's are the first groups in every size.
    """
    ordinary = [
        1 + (person * GROUPS_EACH + turn) % (size.groups - 1) for turn in range(GROUPS_EACH - 1)
    ]
    return [*([0] if person < size.drivers else []), *ordinary]


def _groups(size: Size) -> Iterator[tuple[Any, ...]]:
    counts = Counter({group: len(people) for group, people in members_of_all(size).items()})
    for group in range(size.groups):
        name, place = name_of(group), PLACES[group % len(PLACES)]
        summary = f"{SUMMARY}, {RARE}" if group in (1, 2, 3) else SUMMARY
        open_to = ("closed", "approve") if is_closed(group) else ("open", "join")
        words = _found_by(name, summary, CATEGORIES[group % len(CATEGORIES)], place)
        yield (f"group-{group}", name, summary, place, *open_to, words, counts[group])


def _found_by(name: str, summary: str, topic: str, place: str) -> str:
    """Return the text by which search finds a group.

    Like `search.text_of`, except for the order of the marked words.
    """
    words = folded(name)
    return (
        words
        + _rest(f"{summary} {topic}", place)
        + "".join(f" {search.NAME}{word}" for word in words.split())
    )


@cache
def _rest(glance: str, place: str) -> str:
    return search.search_text_of("", glance, DESCRIPTION.replace("*", ""), place)


def _memberships(size: Size) -> Iterator[tuple[Any, ...]]:
    for group, people in members_of_all(size).items():
        for place, person in enumerate(people):
            role = "member" if place else "owner"
            yield (row_id("group", group), row_id("user", person), role)
