"""Votes of every kind, open and secret, and their results."""

from datetime import timedelta

from tests import factories
from tests.voting import making
from tests.voting.kinds import SAMPLES
from tests.voting.results import making as counted
from tests.voting.secret import asking, boxes
from webapp.attendance import rsvps
from webapp.conversation import replies
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting.comments import VoteContainer
from webapp.voting.models import INVITED
from webapp.voting.planning import votes
from webapp.voting.planning.methods import METHODS
from webapp.voting.tally.rules import DATE

from . import Look, SampleRows, send_to

#: Kinds that can't be secret.
OPEN_ONLY = {DATE}


def _values(kind: str) -> dict:
    more = {"dates": making.evenings(3, 4)} if kind == DATE else {}
    return {"kind": kind, "title": f"A vote by {kind}", **SAMPLES[kind].few_rules, **more}


def open_votes(c: SampleRows) -> list[Look]:
    """Every kind, with optional, required or no reasons; with a blank ballot or without."""
    looks = []
    for number, kind in enumerate(METHODS):
        reasons = ("off", "optional", "required")[number % 3]
        vote = making.vote(c.group, c.owner, reasons=reasons, **_values(kind))
        looks += [Look("member", vote.path)]
        if number < 3:
            looks += [Look("owner", vote.path)]
    return looks


def secret_votes(c: SampleRows) -> list[Look]:
    """Every kind that can be secret: the ballot, and the key that finds and changes it."""
    looks = []
    for kind in METHODS:
        if kind in OPEN_ONLY:
            continue
        vote = making.vote(c.group, c.owner, is_secret=True, results="after_close", **_values(kind))
        looks.append(Look("member", vote.path))
        looks.append(Look("member", f"{vote.path}/secret-ballot"))
    return looks


def with_keys(c: SampleRows) -> list[Look]:
    """A secret ballot that is found by its key and changed."""
    vote = making.vote(c.group, c.owner, is_secret=True, results="after_close", title="With a key")
    key = boxes.cast(vote, c.member, 1)
    over = asking.secret_vote(c.group, c.owner)
    counted_key = asking.say(over, "1", "2", "1", "3", "")[0]
    asking.closed(over)
    looks = [Look("member", vote.path)]
    for path, typed in ((vote.path, key), (over.path, counted_key)):

        def find(tab, path=path, typed=typed):
            tab.submit(f"{path}/key", key=typed)

        looks.append(Look("member", f"{path}/key", find, {"key": typed}))
    return looks


def making_votes(c: SampleRows) -> list[Look]:
    """A new vote of every kind, and editing one that hasn't opened."""
    looks = [Look("owner", f"/votes/new?group={c.group.slug}")]
    for kind in METHODS:
        looks.append(Look("owner", f"/votes/new/{kind}?group={c.group.slug}"))
    for kind in ("single", DATE, "stv"):
        vote = making.coming(c.group, c.owner, **_values(kind))
        looks += [
            Look("owner", f"{vote.path}/edit"),
            Look("owner", vote.path),
            Look("owner", f"{vote.path}/cancellation"),
        ]
    event = factories.event(c.owner, c.group)
    rsvps.answer(event, by=c.member)  # otherwise the form asks: only the author can vote
    return [*looks, Look("owner", f"/votes/new/single?group={c.group.slug}&event={event.slug}")]


def votes_with_ballots(c: SampleRows) -> list[Look]:
    """A vote with ballots: the question is fixed, the rest can be changed."""
    looks = []
    cast = (("single", "1"), ("proposal", "agree"), ("proposal", "block"), (DATE, "1:y"))
    for kind, choice in cast:
        description = "" if choice == "block" else "For the picnic."
        vote = making.vote(c.group, c.owner, description=description, **_values(kind))
        making.says(vote, c.member, choice)
        looks.append(Look("owner", f"{vote.path}/edit"))
    secret = making.vote(c.group, c.owner, is_secret=True, results="after_close", title="Secret")
    return [*looks, Look("owner", f"{secret.path}/edit")]


def nobody_else(c: SampleRows) -> list[Look]:
    """A vote in which only its author can vote, and a search for voters without results."""
    group = factories.group(c.owner)
    page = f"/votes/new/single?group={group.slug}"
    invited = making.vote(group, c.owner, electorate=INVITED)
    asked = {"title": "Soup or stew?", "options": "Soup\nStew", "roll_at": "open"}

    def asks(tab):
        tab.submit("kind=single", **asked)

    def picks(tab):
        tab.submit("/people", who=[str(c.owner.id)])

    def looks(tab):
        send_to(tab, f"{invited.path}/people/search", "/people", words="zzz")

    people = f"{invited.path}/people"
    return [
        Look("owner", page, asks),
        Look("owner", people, picks),
        Look("owner", people, looks),
    ]


def closing_in_the_doubled_hour(c: SampleRows) -> list[Look]:
    """A doubled hour when clocks go back: the form asks which of the two is meant."""
    group = factories.group(c.owner, c.member, zone="Europe/Lisbon")
    asked = {"title": "What now?", "options": "Soup\nStew\nPie", "closes": "2031-10-26T01:30"}
    dates = ["2031-11-02T19:00", "2031-10-26T01:30"]
    dated = {"title": "When?", "closes": "2031-10-20T18:00", "dates": dates}

    def asks(tab):
        tab.submit("kind=single", **asked)

    def asks_for_dates(tab):
        tab.submit("kind=date", **dated)

    new = "/votes/new/{}?group=" + group.slug
    return [
        Look("owner", new.format("single"), asks),
        Look("owner", new.format("date"), asks_for_dates),
    ]


def after_votes(c: SampleRows) -> list[Look]:
    """Votes that were counted, with a date to schedule or an outcome to write; a cancelled vote."""
    dated = counted.voted(c.group, c.owner, DATE)
    plain = counted.voted(c.group, c.owner, "single", results="after_close")
    cancelled = making.vote(c.group, c.owner, title="Never mind")
    votes.cancel(cancelled, by=c.owner, reason="Never mind")
    db.session.commit()
    looks = [Look("owner", f"{dated.path}/scheduling"), Look("owner", f"{plain.path}/outcome")]
    for vote in (dated, plain, cancelled):
        looks += [Look("owner", vote.path), Look("owner", f"{vote.path}/removal")]
    return looks


def comments_on_votes(c: SampleRows) -> list[Look]:
    """Locked comments, one of them hidden; a reminder that is due."""
    vote = making.vote(c.group, c.owner, closes_at=clock.now() + timedelta(hours=30))
    thread = VoteContainer(vote).begin()
    reply = replies.add(thread, c.member, "Off the point")
    reply.hidden_at = clock.now()
    thread.locked_at = clock.now()
    vote.opened_at = clock.now() - timedelta(days=5)
    db.session.commit()
    return [Look("owner", f"{vote.path}/comments"), Look("owner", vote.path)]


SCENES = [
    open_votes,
    secret_votes,
    with_keys,
    making_votes,
    votes_with_ballots,
    nobody_else,
    closing_in_the_doubled_hour,
    after_votes,
    comments_on_votes,
]
