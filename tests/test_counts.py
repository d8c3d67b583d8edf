"""Whatever counts the same people, seats, answers or ballots says the same number: on every page,
feed, export, email and share card, to everyone. And every number has one name.
"""

import csv
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from tests import factories, sample_site, snapshots
from tests.mail.every_email import EmailScene, written
from tests.voting import making
from tests.wording import messages
from webapp.agenda.models import AgendaSession, Booking
from webapp.attendance import attendee_filter, guest_links
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.core.ui import share_cards
from webapp.events import sharing as events_sharing
from webapp.events.calendar import subscriptions
from webapp.events.models import Event, Guest, Rsvp
from webapp.groups import sharing as groups_sharing
from webapp.groups.models import Group, Membership
from webapp.home import site_card
from webapp.mail.jobs import rendering
from webapp.notifications.models import DigestEmail, Notification
from webapp.notifications.notify import notify
from webapp.voting import notices
from webapp.voting.models import Ballot, Vote

pytestmark = [pytest.mark.any_database, pytest.mark.long(20)]

#: What is counted -> how pages say it, with `#` for the number.
SAID = {
    "going": (
        r"# going\b",
        r"\bGoing #",
        r"# (?:person is|people are) going",
        r"# (?:person was|people were) going",
        r"Were going #",
        r"of # (?:person|people) arrived",
        r"of # arrived",
        r"of # who (?:was|were) going",
        r"(?<=came\. )# (?:was|were) going",
    ),
    "taken": (
        r"# of \d+ seats? (?:is |are )?taken",
        r"Seats taken #",
        r"# seats? (?:is|are) taken\.",
        r"\b# taken\. No one loses",
    ),
    "capacity": (
        r"\d+ of # seats? (?:is |are )?taken",
        r"of # seats? (?:left|taken)",
        r"There (?:is|are) # seats? now",
        r"maximumAttendeeCapacity\W+#",
    ),
    "free": (
        r"# of \d+ seats? left",
        r"(?<!of )\b# seats? left",
        r"(?<=taken, )# left",
        r"# more seats? (?:is|are) free\.",
        r"# seats? (?:is|are) free\b(?! for you)",
    ),
    "over": (r"# more seats? (?:is|are) taken than there are",),
    "held": (
        r"Offered seats #",
        r"holding # seats? for (?:someone|people)",
        r"# seats? (?:is|are) held",
    ),
    "waiting": (r"(?<!and )(?<!number )\b# on the waiting list", r"Waiting list #"),
    "waiting people": (r"Waiting list \d+ # people",),
    "requests": (r"Requests #", r"\b# requests?\b(?! declined)"),
    "maybe": (r"Maybe #", r"# answered .Maybe"),
    "hidden": (r"# (?:person, name|people, names) hidden", r"# with (?:a )?hidden names?"),
    "members": (
        r"(?<!Invite )# members?\b(?! today| have agreed| of )",
        r"Members #\b(?! [A-Z][a-z]+ )",
    ),
    "voters": (
        r"# (?:person|people) (?:can|could) vote",
        r"\d+ of # (?:voters?|voted|(?=Closes))",
        r"Voted:? \d+ of #",
        r'"roll": #',
    ),
    "cast": (
        r"# of \d+ (?:voters?|voted|(?=Closes))",
        r"# (?:person|people) voted",
        r"Voted:? # of \d+",
        r"(?<!View all )\b# ballots?\b",
        r"View all # ballots",
        r'"ballots": #',
    ),
}
OF_VOTES = {"voters", "cast"}
#: Sentences with a number of seats or people that belong to one answer, one step or one message.
OF_ONE = re.compile(
    r"\b(?:[Yy]ou|[Yy]our|They’re|[Ww]e’ll tell|our)\b|for you\b"
    r"|^(?:Accept|Request|Change|Wait|Send|Sent|Invite|Message sent|Consider|Needs|\()"
    r"|%\((?:name|who|session|room|option|label|group)\)s"
)
OTHERS = {
    "%(num)s seats",  # of one answer, or a limit
    "%(num)s more people. The others are going.",  # of one answer
    "and %(num)d more on the waiting list",  # of one answer
    "%(num)s seats were free",  # at an earlier step
    "%(num)s were going.",  # the second half of a sentence that is compared
    "There are only %(num)s seats in total.",  # a refusal
}
#: The pages on which counts depend on how full the event is.
FULLNESS = (
    "/",
    "/events",
    "/events/<slug>",
    "/events/<slug>/people",
    "/events/<slug>/edit",
    "/events/<slug>/manage",
    "/events/<slug>/manage/check-in",
    "/groups/<slug>",
    "/groups/<slug>/manage/events",
)
AREAS = ("templates/attendance", "templates/events", "templates/home", "webapp/attendance") + (
    "webapp/events",
    "webapp/home",
)
COUNTED = re.compile(r"\b(?:going|seats|waiting list|arrived|voters|ballots|were going)\b")


class Fact(NamedTuple):
    """A number on a page: where, of what, and the words around it."""

    where: str
    what: str
    number: int
    words: str


def facts(text: str, where: str) -> Iterator[Fact]:
    """Yield the numbers that a text says of what is counted here."""
    for what, sentences in SAID.items():
        for sentence in sentences:
            for found in re.finditer(sentence.replace("#", r"(\d+)"), text):
                around = text[max(0, found.start() - 30) : found.end() + 20]
                yield Fact(where, what, int(found[1]), around)


def text_of(answer: Any) -> str:
    """Return what a response says: of a page also labels and what other sites show of it."""
    kind = answer.mimetype or "image/none"
    if kind.startswith(("image/", "font/")) or kind.endswith("zip"):
        return ""
    body = answer.get_data().decode(errors="replace")
    if kind != "text/html":
        return body
    inside = body[max(0, body.find("<main")) :].partition("</main>")[0]
    said = [
        re.sub(r"<[^>]*>", " ", inside),
        *re.findall(r'<meta [^>]*content="([^"]*)"', body),
        *re.findall(r'aria-label="([^"]*)"', inside),
        *re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', body, re.DOTALL),
    ]
    return re.sub(r"\s+", " ", html.unescape(" | ".join(said)))


def answers() -> list[tuple[str, dict[str, Any]]]:
    """Return answers of all kinds: the state and further columns."""
    now = clock.now()
    return [
        ("going", {"party": 3}),
        ("going", {"party": 2, "is_anonymous": True}),
        ("going", {"party": 1, "seats_waiting": 4, "position": 11}),
        ("offered", {"party": 3, "position": 12, "offered_until": now + timedelta(hours=5)}),
        ("waiting", {"party": 9, "position": 13}),
        ("waiting", {"party": 4, "position": 14, "declined_offer": True}),
        ("maybe", {}),
        ("asked", {"party": 5}),
        ("not_going", {}),
        ("refused", {}),
    ]


def full_of_people(here: sample_site.SampleSite, capacity: int | None) -> Guest:
    """Give the event answers of all kinds, one by someone without an account and one of a closed
    account; return the guest.
    """
    event = db.session.get(Event, here.event.id)
    db.session.execute(sa.delete(Rsvp).where(Rsvp.event_id == event.id))
    names = iter(range(len(answers())))
    with factories.together():
        for state, more in answers():
            person = factories.user("Person", f"No{next(names)}")
            db.session.add(Rsvp(event_id=event.id, user_id=person.id, state=state, **more))
        gone = factories.user("Closed", "Account", deactivated_at=clock.now())
        db.session.add(Rsvp(event_id=event.id, user_id=gone.id, state="going", party=2))
        guest = Guest(event_id=event.id, name="Gil", email="gil@example.org")
        guest.confirmed_at = clock.now()
        db.session.add(guest)
        db.session.flush()
        db.session.add(Rsvp(event_id=event.id, guest_id=guest.id, state="going", party=2))
        member = here.people["member"].id
        db.session.add(Rsvp(event_id=event.id, user_id=member, state="going", party=1))
    rows = db.session.scalars(sa.select(Rsvp).where(Rsvp.event_id == event.id)).all()
    event.capacity, event.max_plus_ones, event.last_position = capacity, 9, 14
    event.requires_approval = True
    event.seats_taken = sum(row.party for row in rows if row.state in ("going", "offered"))
    event.waiting_count = sum(row.state == "waiting" or row.seats_waiting > 0 for row in rows)
    db.session.commit()
    return guest


def counted(here: sample_site.SampleSite) -> dict[str, int]:
    """Count in the rows, one by one."""
    event = db.session.get(Event, here.event.id)
    rows = db.session.scalars(sa.select(Rsvp).where(Rsvp.event_id == event.id)).all()
    of = lambda state: [row for row in rows if row.state == state]  # noqa: E731
    going, held = (sum(row.party for row in of(state)) for state in ("going", "offered"))
    waiting = [row.seats_waiting or row.party for row in rows if row.is_on_waitlist]
    members = sa.select(sa.func.count()).where(Membership.group_id == here.group.id)
    found = {
        "going": going,
        "held": held,
        "taken": going + held,
        "waiting": len(waiting),
        "waiting people": sum(waiting),
        "requests": len(of("asked")),
        "maybe": len(of("maybe")),
        "hidden": sum(row.party for row in of("going") if row.is_anonymous),
        "members": db.session.scalar(members),
    }
    if event.capacity:
        found |= {"capacity": event.capacity, "free": max(0, event.capacity - going - held)}
        found |= {"over": max(0, going + held - event.capacity)}
    return found


#: Routes that count something else by the same words, and one that never ends.
OTHER_COUNTS = ("my_events.index", "agenda", "help", "votes.plan", "streams.show")


def pages(app: Any) -> list[Any]:
    """Return the routes that may count people, seats and votes of the event and the group."""
    return [
        rule
        for rule in sample_site.rules(app, "GET")
        if not rule.endpoint.startswith(OTHER_COUNTS)
        and not rule.rule.startswith("/votes/<slug>")  # votes are compared on their own
    ]


class Reading:
    """What the pages of a site say to everyone of these counts."""

    def __init__(self, app: Any, here: sample_site.SampleSite, counts: Iterable[str]) -> None:
        self.app, self.here, self.counts = app, here, set(counts)
        self.facts: list[Fact] = []

    def read(self, path: str, role: str, where: str = "") -> bool:
        """Read a page. Return whether it counts something."""
        answer = self.here.browser(self.app, role).get(path)
        said = facts(text_of(answer), f"{where or path} as {role}")
        found = [fact for fact in said if fact.what in self.counts]
        answer.close()
        db.session.rollback()
        self.facts += found
        return bool(found)

    def read_all(self, paths: Iterable[str]) -> None:
        """Read pages as everyone: all as those who may see most, then those that count."""
        for path in paths:
            counts = [self.read(path, role) for role in ("owner", "admin")]
            if any(counts):
                for role in (*sample_site.ROLES[:4], "organizer"):
                    self.read(path, role)

    def wrong(self, expected: Mapping[str, int]) -> list[Fact]:
        """Return the numbers that are others than in the rows."""
        return [it for it in self.facts if it.number != expected.get(it.what)]


@pytest.mark.parametrize("capacity", [20, 10, None], ids=["free", "over", "unlimited"])
def test_every_count_of_the_same_people_is_the_same(app, context, capacity):
    here = snapshots.sample_site_of(app, secret=False)
    guest = full_of_people(here, capacity)
    reading, rules = Reading(app, here, SAID.keys() - OF_VOTES), pages(app)
    tabs = [f"{here.event.path}/manage/attendees?tab={tab}" for tab in attendee_filter.TABS]

    is_usual = capacity == 20
    reading.read_all(here.path(rule) for rule in rules if is_usual or rule.rule in FULLNESS)
    reading.read_all(tabs)
    reading.read(guest_links.path(guest), "visitor", "the guest's page")

    assert reading.wrong(counted(here)) == []
    seen = {fact.what for fact in reading.facts}
    assert seen >= {"going", "held", "waiting", "requests", "maybe", "hidden"}
    assert capacity is None or seen >= {"taken", "capacity", "free" if capacity == 20 else "over"}


def people_listed(tab: Any, path: str) -> list[int]:
    """Return the numbers in the column People of the hosts' tables."""
    tab.get(path)
    cells = tab.page.select('td[data-label="People"]')
    return [int(cell.get_text().split()[0].rstrip(",.")) for cell in cells]


def test_downloads_and_tables_list_as_many_people_as_pages_count(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    full_of_people(here, None)
    expected, at = counted(here), f"{here.event.path}/manage"
    tab = here.browser(app, "owner")

    rows = list(csv.DictReader(io.StringIO(tab.get(f"{at}/attendees.csv").text.lstrip("\ufeff"))))
    of = lambda answer: [int(row["People"]) for row in rows if row["Answer"] == answer]  # noqa: E731
    tab.get(f"{at}/check-in/list")
    printed = [int(cell.text) for cell in tab.page.select(".sheet td.n")]
    listed = {
        name: sum(people_listed(tab, f"{at}/attendees?tab={name}&whole=1"))
        for name in attendee_filter.TABS
    }
    members = tab.get(f"{here.group.path}/members.csv").text.splitlines()

    assert sum(of("Going")) == sum(printed) == expected["going"]
    assert sum(of("Offered seats")) == expected["held"]
    assert len(of("Requests")) == expected["requests"]
    assert len(of("Maybe")) == expected["maybe"]
    assert listed.pop("waitlist") == expected["waiting people"]
    assert listed == {tab: sum(of(attendee_filter.TAB_NAMES[tab])) for tab in listed}
    waiting = [int(row["On the waiting list"]) for row in rows if row["On the waiting list"]]
    assert (len(waiting), sum(waiting)) == (expected["waiting"], expected["waiting people"])
    assert len(members) - 1 == expected["members"]


def full_session(here: sample_site.SampleSite) -> AgendaSession:
    """Give the event's session few seats, and bookings of all kinds."""
    session = db.session.get(AgendaSession, here.ids["session_id"])
    until = clock.now() + timedelta(hours=5)
    parties: list[tuple[str, dict[str, Any]]] = [
        ("going", {"party": 3}),
        ("going", {"party": 1, "seats_waiting": 4, "position": 1}),
        ("offered", {"party": 2, "position": 2, "offered_until": until}),
        ("waiting", {"party": 9, "position": 3}),
        ("not_going", {"party": 2}),
    ]
    people = here.people.values()
    for person, (state, more) in zip(people, parties, strict=False):
        db.session.add(Booking(session_id=session.id, user_id=person.id, state=state, **more))
    session.capacity, session.seats_taken, session.waiting_count = 8, 6, 2
    session.last_position = 3
    db.session.commit()
    return session


def test_every_count_of_the_same_seats_in_a_session_is_the_same(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    db.session.execute(sa.update(Event).values(capacity=None, seats_taken=0))
    db.session.execute(sa.delete(Rsvp))
    session = full_session(here)
    reading = Reading(app, here, ("taken", "capacity", "free", "waiting"))
    rules = [it for it in sample_site.rules(app, "GET") if it.endpoint.startswith("agenda")]

    for path in map(here.path, rules):
        if reading.read(path, "owner"):
            reading.read(path, "member")
            reading.read(path, "visitor")
    manage = f"{here.event.path}/manage/agenda"
    listed = people_listed(here.browser(app, "owner"), f"{manage}/{session.id}")

    assert reading.wrong({"taken": 6, "capacity": 8, "free": 2, "waiting": 2}) == []
    assert {fact.what for fact in reading.facts} == reading.counts
    assert (f"{manage} as owner", "taken") in {(fact.where, fact.what) for fact in reading.facts}
    assert sum(listed) == 6 + 9


def test_every_count_of_the_same_voters_is_the_same(app, context):
    """Each vote alone, so that lists and emails count no other."""
    here = snapshots.sample_site_of(app, secret=False)
    making.cast(here.vote, here.people["member"], 1)
    rules = [
        rule for rule in sample_site.rules(app, "GET") if rule.rule.startswith("/votes/<slug>")
    ]
    lists = ("/", "/votes", "/admin/votes", here.group.path, f"{here.group.path}/manage/votes")
    for vote in (here.vote, here.counted_vote):
        db.session.execute(
            sa.update(Vote).values(
                deleted_at=sa.case((Vote.id == vote.id, sa.null()), else_=clock.now())
            )
        )
        db.session.commit()
        alone = replace(here, vote=vote, coming_vote=vote, counted_vote=vote)
        reading = Reading(app, alone, OF_VOTES)
        own = {
            f"/votes/{vote.slug}" + rule.rule.removeprefix("/votes/<slug>")
            for rule in rules
            if rule.arguments == {"slug"}
        }

        reading.read_all([*own, *lists])

        cast = sa.select(sa.func.count()).where(Ballot.vote_id == vote.id)
        roll = sa.select(Vote.roll_count).where(Vote.id == vote.id)
        expected = {"cast": db.session.scalar(cast), "voters": db.session.scalar(roll)}
        assert reading.wrong(expected) == []
        assert {fact.what for fact in reading.facts} == OF_VOTES


def test_downloads_and_emails_count_as_many_ballots_as_pages(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    vote, owner = here.counted_vote, here.people["owner"]
    tab, at = here.browser(app, "owner"), f"/votes/{here.counted_vote.slug}"
    [email] = facts_of_emails([("voting/closed", {"user": owner.id, "vote": vote.id})])["cast"]

    table = tab.get(f"{at}/ballots.csv").text.splitlines()
    blt = tab.get(f"{at}/ballots.blt").text.splitlines()
    piles = blt[1 : blt.index("0")]

    assert len(table) - 1 == vote.ballot_count == email
    assert sum(int(pile.split()[0]) for pile in piles) == vote.ballot_count
    assert json.loads(tab.get(f"{at}/outcome.json").text)["outcome"]["cast"] == vote.ballot_count


def test_digests_count_nothing_but_updates(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    full_of_people(here, 20)
    event = db.session.get(Event, here.event.id)
    votes = [db.session.get(Vote, vote.id) for vote in (here.vote, here.counted_vote)]
    reader = [here.people["moderator"]]
    digest = DigestEmail(user_id=reader[0].id, day=clock.now().date())
    db.session.add(digest)
    words = {"event": event.title, "group": here.group.name}
    about = {"scope": f"event:{event.id}", "event": event.id, "group_id": here.group.id}
    notify(reader, "event.published", event.path, words, **about)
    notices.opened(votes[0], reader)
    notices.closed(votes[1], reader)
    lines = sa.update(Notification).where(Notification.user_id == reader[0].id)
    db.session.execute(lines.values(digest_id=digest.id))
    db.session.commit()
    email = ("notifications/digest", {"user": reader[0].id, "digest": digest.id})

    said = rendering.text_of(written(*email).html)

    assert all(thing.title in said for thing in (event, *votes))
    assert facts_of_emails([email]) == {}


def facts_of_emails(emails: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, set[int]]:
    """Return what these emails count, as their plain text says it."""
    found: dict[str, set[int]] = {}
    for template, ids in emails:
        mail = written(template, ids)
        for fact in facts(rendering.text_of(mail.html), mail.subject):
            found.setdefault(fact.what, set()).add(fact.number)
    return found


def test_emails_count_nothing_but_their_readers_own_seats_and_results(context):
    votes = {"voting/closed", "voting/concluded"}
    emails = [mail for mail in EmailScene().emails() if mail[0] not in votes]

    assert facts_of_emails(emails) == {}


def test_share_cards_and_calendars_count_nothing(app, context, monkeypatch):
    """They're kept elsewhere long after a number has changed."""
    here = snapshots.sample_site_of(app, secret=False)
    full_of_people(here, 20)
    session = full_session(here)
    drawn = []
    member, visitor = here.people["member"], here.browser(app, "visitor")
    feeds = [subscriptions.create(member, group) for group in (None, here.group)]
    db.session.commit()
    monkeypatch.setattr(share_cards, "draw", drawn.append)

    events_sharing.drawn_card(db.session.get(Event, here.event.id))
    groups_sharing.drawn_card(db.session.get(Group, here.group.id))
    site_card.drawn_card()

    calendars = [visitor.get(subscriptions.path(feed)).text for feed in feeds]

    assert len(drawn) == 3
    assert all(here.event.title in text for text in calendars)
    assert session.title in calendars[0]
    assert [fact for text in calendars for fact in facts(text, "calendar")] == []
    words = [str(word) for card in drawn for word in card]
    assert [it for word in words for it in facts(word, "card")] == []


def test_every_sentence_that_counts_people_is_known_here():
    """A new one is added to SAID, so that its number is compared with the others."""
    missed = []
    for message in (it for it in messages() if len(it.forms) > 1):
        said = message.forms[-1]
        if "%(" not in said or not COUNTED.search(said) or OF_ONE.search(said):
            continue
        text = re.sub(r"%\(\w+\)[sd]", "7", said)
        if (
            said not in OTHERS
            and message.path.startswith(AREAS)
            and not list(facts(f"taken, {text}", ""))
        ):
            missed.append((message.path, said))

    assert missed == []
