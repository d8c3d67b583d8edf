"""Help pages.

Features add theirs; `/help` lists them all, and each has its own URL.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class HelpTopic(NamedTuple):
    """A help page: its slug below `/help/`, its summary in a sentence, its template and context.

    `part` is the slug of the page that it belongs to, `section` the tab that it is listed under.
    """

    slug: str
    title: Any
    summary: Any
    template: str
    part: str = ""
    section: str = ""
    context: Callable[[], dict[str, Any]] = dict


#: The topic about managing the site, which has parts.
SITE = "looking-after-the-site"

#: Slug -> topic, in the order in which features added them
TOPICS: dict[str, HelpTopic] = {}


def add(*topics: HelpTopic) -> None:
    """Add help pages."""
    TOPICS.update((topic.slug, topic) for topic in topics)


def parts_of(slug: str) -> list[HelpTopic]:
    """Return the pages that belong to this one; for "" those that belong to none."""
    return [topic for topic in TOPICS.values() if topic.part == slug]
