"""Whatever counts the same people, seats, answers or ballots says the same number: on every page,
feed, export and share card, to everyone. And every number has one name.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from tests import factories, sample_site, snapshots
from tests.mail.every_email import EmailScene, written
from tests.wording import messages
from webapp.attendance import attendee_filter, guest_links
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import Event, Guest, Rsvp
from webapp.groups.models import Membership

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
    "members": (r"(?<!Invite )# members?\b(?! today| have agreed| of )", r"Members #"),
    "voters": (r"# (?:person|people) (?:can|could) vote", r"\d+ of # voters?"),
    "cast": (r"# of \d+ voters?", r"# (?:person|people) voted"),
}
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
    if answer.mimetype.startswith(("image/", "font/")) or answer.mimetype.endswith("zip"):
        return ""
    body = answer.get_data().decode(errors="replace")
    if answer.mimetype != "text/html":
        return body
    page = BeautifulSoup(body, "html.parser")
    inside = page.main or page
    said = [
        inside.get_text(" ", strip=True),
        *(it["content"] for it in page.select("meta[content]")),
    ]
    said += [it["aria-label"] for it in inside.select("[aria-label]")]
    said += [it.string or "" for it in page.select('script[type="application/ld+json"]')]
    return re.sub(r"\s+", " ", " | ".join(said))


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


def pages(app: Any) -> list[Any]:
    """Return the routes that may count something of the event."""
    return [
        rule
        for rule in sample_site.rules(app, "GET")
        if rule.arguments <= {"slug", "who", "case_id"}
        and (rule.rule == "/" or rule.rule.startswith(("/events", "/groups", "/search")))
        and rule.endpoint != "my_events.index"  # its tabs count events
    ]


class Reading:
    """What the pages of a site say to everyone."""

    def __init__(self, app: Any, here: sample_site.SampleSite) -> None:
        self.app, self.here = app, here
        self.facts: list[Fact] = []

    def read(self, path: str, role: str, where: str = "") -> bool:
        """Read a page. Return whether it counts something."""
        answer = self.here.browser(self.app, role).get(path)
        found = list(facts(text_of(answer), f"{where or path} as {role}"))
        answer.close()
        db.session.rollback()
        self.facts += found
        return bool(found)

    def read_all(self, paths: Iterable[str]) -> None:
        """Read pages as everyone: all as the owner, who may see most, then those that count."""
        telling = [path for path in paths if self.read(path, "owner")]
        for role in (*sample_site.ROLES[:4], "admin", "organizer"):
            for path in telling:
                self.read(path, role)

    def wrong(self, expected: Mapping[str, int]) -> list[Fact]:
        """Return the numbers that are others than in the rows."""
        return [it for it in self.facts if it.number != expected.get(it.what)]


@pytest.mark.parametrize("capacity", [20, 10, None], ids=["free", "over", "unlimited"])
def test_every_count_of_the_same_people_is_the_same(app, context, capacity):
    here = snapshots.sample_site_of(app, secret=False)
    guest = full_of_people(here, capacity)
    reading, rules = Reading(app, here), pages(app)
    tabs = [f"{here.event.path}/manage/attendees?tab={tab}" for tab in attendee_filter.TABS]

    is_usual = capacity == 20
    reading.read_all(here.path(rule) for rule in rules if is_usual or rule.rule in FULLNESS)
    reading.read_all(tabs)
    reading.read(guest_links.path(guest), "visitor", "the guest's page")

    assert reading.wrong(counted(here)) == []
    seen = {fact.what for fact in reading.facts}
    assert seen >= {"going", "held", "waiting", "requests", "maybe", "hidden"}
    assert capacity is None or seen >= {"taken", "capacity", "free" if capacity == 20 else "over"}


def test_downloads_list_as_many_people_as_pages_count(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    full_of_people(here, None)
    expected, at = counted(here), f"{here.event.path}/manage"
    tab = here.browser(app, "owner")

    rows = list(csv.DictReader(io.StringIO(tab.get(f"{at}/attendees.csv").text.lstrip("\ufeff"))))
    of = lambda answer: [int(row["People"]) for row in rows if row["Answer"] == answer]  # noqa: E731
    tab.get(f"{at}/check-in/list")
    printed = [int(cell.text) for cell in tab.page.select(".sheet td.n")]

    assert sum(of("Going")) == sum(printed) == expected["going"]
    assert sum(of("Offered seats")) == expected["held"]
    assert len(of("Requests")) == expected["requests"]


def test_every_count_of_the_same_voters_is_the_same(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    rules = [
        rule for rule in sample_site.rules(app, "GET") if rule.rule.startswith("/votes/<slug>")
    ]
    for vote in (here.vote, here.counted_vote):
        reading = Reading(app, replace(here, vote=vote, coming_vote=vote, counted_vote=vote))
        reading.read_all(
            {
                f"/votes/{vote.slug}" + rule.rule.removeprefix("/votes/<slug>")
                for rule in rules
                if rule.arguments == {"slug"}
            }
        )
        said = {(fact.what, fact.number) for fact in reading.facts}
        assert sorted(what for what, _number in said) == ["cast", "voters"]


def test_emails_count_nothing_but_their_readers_own_seats(context):
    emails = [written(template, ids) for template, ids in EmailScene().emails()]

    assert [it for mail in emails for it in facts(mail.html, mail.subject)] == []


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
