"""Pages that explain how something works.

Features add theirs; `/help` lists them all, and each has an address of its own.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class HelpTopic(NamedTuple):
    """A page of help: its address below `/help/`, what it answers in a sentence, its template, and
    what that shows.

    `part` is the address of the page that it belongs to, where there is one; `section` the tab that
    it is under.
    """

    slug: str
    title: Any
    summary: Any
    template: str
    part: str = ""
    section: str = ""
    context: Callable[[], dict[str, Any]] = dict


#: The topic about managing the site, to which others belong.
SITE = "looking-after-the-site"

#: slug -> topic, in the order in which the features added them
TOPICS: dict[str, HelpTopic] = {}


def add(*topics: HelpTopic) -> None:
    """These pages exist from now on."""
    TOPICS.update((topic.slug, topic) for topic in topics)


def parts_of(slug: str) -> list[HelpTopic]:
    """The pages that belong to the one with this address; of "" those that belong to none."""
    return [topic for topic in TOPICS.values() if topic.part == slug]
