"""People, groups, events, threads and votes, made by the features' rules at any time in the past.

The demo, the benchmark and the tests' sample sites are built with it; each says only what there is.
Nothing here commits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

import sqlalchemy as sa

from ...accounts import handles
from ...accounts.models import User
from ...attendance import guests
from ...conversation import post_pictures, replies
from ...conversation.models import Reply, Thread
from ...core.extensions import db
from ...core.jobs import fan_out
from ...core.time import clock, time_zones
from ...event_files import uploads
from ...event_files.models import EventFile
from ...events import planning
from ...events.event_input import EventInput
from ...events.models import Event, Guest
from ...groups import groups, memberships
from ...groups.models import MEMBER, OPEN, Category, Group
from ...news import feeds, store
from ...news.fetching import FetchResponse
from ...news.models import NewsItem, NewsSource
from ...voting.ballots import casting, choices
from ...voting.models import Vote
from ...voting.planning import lifecycle, votes
from ...voting.planning.plan import VotePlan
from ...voting.secret import casting as secret_casting

#: Upload limits that keep a made-up site from filling a disk.
ROOM = uploads.UploadAllowance(50_000_000, 50_000_000)
#: How long after writing a reply its author changed it.
SECOND_THOUGHTS = timedelta(minutes=25)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the rules called inside run at this moment, and people be notified then."""
    with clock.at(moment):
        yield
        settle()


def ago(**units: float) -> datetime:
    """Return the moment that was this long ago: `ago(days=2)`."""
    return clock.now() - timedelta(**units)


def evening(zone: str, days: int) -> datetime:
    """Return 20:00 in that zone, `days` from today."""
    day = time_zones.wall(clock.now(), zone).date() + timedelta(days=days)
    return time_zones.to_utc(datetime.combine(day, time(20)), zone, fold=0)


def spread(since: datetime, until: datetime, count: int) -> list[datetime]:
    """Return `count` moments at equal intervals between the two."""
    return [since + (until - since) * (number + 1) / (count + 1) for number in range(count)]


def settle() -> None:
    """Notify everyone who is to be notified by now, as the job would."""
    for fan_out_id in fan_out.due(clock.now() + fan_out.STALLED_AFTER):
        while fan_out.step(fan_out_id):
            pass
    db.session.flush()  # rows get their times when they are written


def person(first_name: str, last_name: str, domain: str = "example.org", **values: Any) -> User:
    """Create the account of someone who has confirmed their address."""
    handle = handles.propose(first_name, last_name)
    values = {"verified_at": clock.now(), "approved_at": clock.now(), **values}
    user = User(first_name=first_name, last_name=last_name, handle=handle, **values)
    user.email = f"{handle}@{domain}"
    db.session.add(user)
    db.session.flush()
    return user


def topics(names: Iterable[str]) -> list[Category]:
    """Return the site's topics with these names."""
    return list(db.session.scalars(sa.select(Category).where(Category.name.in_(names))))


def group(owner: User, *members: User, about: Iterable[str] = (), **values: Any) -> Group:
    """Create a group about these topics; anyone can join unless `values` say otherwise."""
    given = {"visibility": OPEN, "join_policy": "join", **values}
    made = groups.create(by=owner, categories=topics(about), **given)
    for who in members:
        memberships.admit(made, who)
    return made


def join(group: Group, who: User, role: str = MEMBER) -> None:
    """Make someone a member who agrees to the code of conduct."""
    memberships.admit(memberships.hold(group), who, role, group.code_version)


def event(
    host: User,
    group: Group | None = None,
    starts: datetime | None = None,
    lasts: float = 2,
    **values: Any,
) -> Event:
    """Create a draft of an event that `lasts` so many hours, in the group's zone unless `values`
    say otherwise; by default in a week. `starts` is local time.
    """
    zone = values.pop("zone", group.zone if group else host.zone)
    starts = starts or time_zones.wall(clock.now() + timedelta(days=7), zone).replace(
        second=0, microsecond=0
    )
    plan = EventInput(
        zone=zone,
        starts=starts,
        ends=starts + timedelta(hours=lasts),
        starts_fold=0,
        ends_fold=0,
        **values,
    )
    return planning.create(plan, by=host, group=group)


def guest(event: Event, name: str, email: str) -> Guest:
    """Let someone without an account answer that they are going."""
    guests.ask(event, guests.NewGuest(name, email, zone=event.zone))
    asked = guests.of(event, email)
    assert asked is not None
    guests.answer(asked)
    return asked


def files(event: Event, by: User, contents: Mapping[str, bytes]) -> list[EventFile]:
    """Upload these files by name."""
    db.session.flush()
    mine = sa.select(EventFile).where(EventFile.event_id == event.id).order_by(EventFile.id)
    before = len(db.session.scalars(mine).all())
    taken = [uploads.take(content, name) for name, content in contents.items()]
    uploads.add(event, by, taken, ROOM)
    return list(db.session.scalars(mine))[before:]


def reply(
    thread: Thread,
    by: User,
    words: str,
    answers: int | None = None,
    before: str = "",
    pictures: Mapping[str, bytes] | None = None,
) -> Reply:
    """Reply with pictures by their description; with `before` it was edited soon after."""
    stored = post_pictures.store((pictures or {}).values())
    made = replies.add(thread, by, before or words, answers, pictures=stored)
    if pictures:
        rows = post_pictures.of([made.id])[made.id]
        for row, alt in zip(rows, pictures, strict=True):
            row.alt = alt
    if before:
        with at(clock.now() + SECOND_THOUGHTS):
            replies.edit(made, by, 1, words)
    return made


def vote(
    group: Group,
    by: User,
    title: str,
    options: Sequence[str] = (),
    closes_at: datetime | None = None,
    event: Event | None = None,
    **values: Any,
) -> Vote:
    """Create a vote that is open unless its plan says otherwise, by default for a day."""
    closes_at = closes_at or clock.now() + timedelta(days=1)
    return votes.create(
        group, by=by, plan=VotePlan(title, tuple(options), closes_at, **values), event=event
    )


def ballot(vote: Vote, by: User, choice: str, reason: str = "") -> str:
    """Cast a ballot with this choice string, "" for a blank one; return the key of a secret one."""
    marks = choices.read(vote.kind, choice)
    if vote.is_secret:
        return secret_casting.cast(vote, by, list(marks.items()), blank=not marks)
    casting.cast(vote, by=by, marks=list(marks.items()), blank=not marks, reason=reason)
    return ""


def close(vote: Vote) -> None:
    """Count the vote at its end."""
    with at(vote.closes_at):
        lifecycle.close(vote.id)


def news(
    source: NewsSource, items: Iterable[Mapping[str, Any]], title: str = "News"
) -> list[NewsItem]:
    """Let the source have been read now, with items that are so many `hours` old; never poll it."""
    home, when = f"https://{source.host}/", clock.now()
    lines = "".join(
        f"<item><title>{escape(item['title'])}</title><link>{home}{number}</link>"
        f"<description>{escape(item.get('words', ''))}</description><pubDate>"
        f"{format_datetime(when - timedelta(hours=item.get('hours', 1)))}</pubDate></item>"
        for number, item in enumerate(items, 1)
    )
    feed = (
        f"<rss version='2.0'><channel><title>{escape(title)}</title><link>{home}</link>"
        f"{lines}</channel></rss>"
    )
    response = FetchResponse(True, source.url, source.url)
    store.save_items(source, feeds.read(feed.encode(), source.url), response, when)
    source.due_at = None
    return list(
        db.session.scalars(
            sa.select(NewsItem).where(NewsItem.source_id == source.id).order_by(NewsItem.id)
        )
    )
