"""The contents of a digest: its lines by group, then by thread, vote or event, as the reader may
see them now.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core import hooks, i18n
from ..core.http.links import absolute
from ..core.text.bidi import closed, isolated
from ..core.text.markdown import plain
from ..core.time import time_zones
from .models import Notification
from .notification_types import sentence

#: The most things shown of a group (the inbox has the others), and the most quotes of a thread.
MOST_THINGS, MOST_QUOTES = 10, 2
#: How much of a group's name and of a sentence fits into a subject.
LONGEST_NAME, LONGEST_SENTENCE = 30, 60


class DigestQuote(NamedTuple):
    """What someone wrote, in Markdown."""

    name: str
    written_at: datetime
    words: str

    def when(self, zone: str, today: date) -> str:
        """Return “9:14”, “yesterday, 18:20” or “Sat 27 Feb, 18:00”."""
        days = (today - time_zones.in_zone(self.written_at, zone).date()).days
        if days == 0:
            return i18n.clock_time(self.written_at, zone)
        if days == 1:
            return _("yesterday, %(time)s", time=i18n.clock_time(self.written_at, zone))
        return i18n.soon(self.written_at, zone)


@dataclass
class DigestThing:
    """A thread, a vote, an event or something else, with its lines, newest first.

    Its feature adds the rest. For conversations: `title`, the newest `quotes`, the number of
    replies (`written`), a `headline` if the newest line doesn't say it, and the lines that add
    nothing (`covered`). For other things: `facts`, `until` when they matter, and a `title` if the
    lines have `texts` to show below it.
    """

    lines: list[Notification]
    title: str = ""
    headline: str = ""
    quotes: list[DigestQuote] = field(default_factory=list)
    written: int = 0
    covered: set[uuid.UUID] = field(default_factory=set)
    facts: str = ""
    until: datetime | None = None
    texts: dict[uuid.UUID, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """Return its title, or what its newest line says."""
        return self.title or sentence(self.lines[0])

    @property
    def brief(self) -> str:
        """Return what is new, in a sentence."""
        return self.headline or sentence(self.lines[0])

    @property
    def names_group(self) -> bool:
        """Whether `brief` names the group."""
        return not self.headline and "group" in (self.lines[0].params or {})

    @property
    def url(self) -> str:
        """Return its URL; following it marks its lines as read."""
        return absolute(f"/inbox/{self.lines[0].id}")

    @property
    def more(self) -> list[str]:
        """Return what its lines say that isn't in the heading or the quotes."""
        covered = self.covered if self.title else {self.lines[0].id}
        lines = [line for line in self.lines if line.id not in covered]
        return [self.texts.get(line.id) or sentence(line) for line in lines]

    @property
    def total(self) -> int:
        """The number of updates."""
        return self.written + len(self.more) if self.quotes else len(self.lines)

    def place(self) -> tuple[int, float]:
        """Return a sort key: conversations first, then what ends soonest, then the rest, newest
        first.
        """
        newest = -self.lines[0].created_at.timestamp()
        if self.quotes:
            return 0, newest
        return (1, self.until.timestamp()) if self.until is not None else (2, newest)


class DigestSection(NamedTuple):
    """The things of one group; without a name, those of no group that the reader may see."""

    name: str
    things: list[DigestThing]

    @property
    def total(self) -> int:
        """The number of updates."""
        return sum(thing.total for thing in self.things)


class DigestContents:
    """The lines of a digest by scope.

    `hooks.digest_written` lets features add to its things and to the names of groups. `sent_at` is
    when it was sent.
    """

    def __init__(self, lines: Sequence[Notification], sent_at: datetime) -> None:
        self.sent_at = sent_at
        self.things: dict[str, DigestThing] = {}
        self.group_names: dict[uuid.UUID, str] = {}
        for line in sorted(lines, key=lambda line: (line.created_at, line.id), reverse=True):
            scope = line.scope or f"line:{line.id}"
            self.things.setdefault(scope, DigestThing([])).lines.append(line)

    def of_kind(self, kind: str) -> dict[uuid.UUID, DigestThing]:
        """Return the things whose scope is `<kind>:<id>`, by id."""
        found = {}
        for scope, thing in self.things.items():
            name, _colon, id = scope.partition(":")
            if name == kind:
                found[uuid.UUID(id)] = thing
        return found

    def group_ids(self) -> set[uuid.UUID]:
        """Return the ids of the lines' groups."""
        lines = (thing.lines[0] for thing in self.things.values())
        return {line.group_id for line in lines if line.group_id is not None}

    def sections(self) -> list[DigestSection]:
        """Return sections by group, most updates first, those without a group last."""
        by_name: dict[str, list[DigestThing]] = {}
        for thing in self.things.values():
            group_id = thing.lines[0].group_id
            name = self.group_names.get(group_id, "") if group_id is not None else ""
            by_name.setdefault(name, []).append(thing)
        sections = [
            DigestSection(name, sorted(things, key=DigestThing.place))
            for name, things in by_name.items()
        ]
        return sorted(sections, key=lambda one: (not one.name, -one.total, one.name))


def contents_of(
    reader: User, lines: Sequence[Notification], sent_at: datetime
) -> list[DigestSection]:
    """Return the sections of a digest with these lines, as `reader` may see them."""
    contents = DigestContents(lines, sent_at)
    hooks.digest_written(reader=reader, contents=contents)
    return contents.sections()


def subject_of(sections: Sequence[DigestSection]) -> str:
    """Return “River Carers: 3 new replies in “Rāhui below the bridge”, and 2 more”."""
    first = sections[0]
    newest = first.things[0]
    most = LONGEST_SENTENCE + (LONGEST_NAME if newest.names_group else 0)
    said = _shortened(newest.brief, most)
    if first.name and not newest.names_group:
        said = f"{isolated(_shortened(first.name, LONGEST_NAME))}: {said}"
    others = sum(section.total for section in sections) - newest.total
    if not others:
        return said
    return ngettext("%(said)s, and %(num)d more", "%(said)s, and %(num)d more", others, said=said)


def preview_of(sections: Sequence[DigestSection]) -> str:
    """Return the preview that email programs show beside the subject: what the subject
    doesn't say.
    """
    first, *others = [thing for section in sections for thing in section.things]
    parts = [first.facts] if first.facts else []
    if first.quotes:
        quote = first.quotes[0]
        words = plain(quote.words, LONGEST_SENTENCE)
        parts = [_("%(name)s: “%(words)s”", name=quote.name, words=words)]
    parts += [_shortened(thing.brief, LONGEST_SENTENCE) for thing in others[:2]]
    return " · ".join(parts) or _("You haven’t read it yet.")


def since(lines: Sequence[Notification], zone: str, today: date) -> str:
    """Return the day of the oldest line: “yesterday”, or the date."""
    oldest = min(line.created_at for line in lines)
    is_new = (today - time_zones.in_zone(oldest, zone).date()).days <= 1
    return _("yesterday") if is_new else i18n.short_day(oldest, zone)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else closed(text[: most - 1].rstrip(" .,:;") + "…")
