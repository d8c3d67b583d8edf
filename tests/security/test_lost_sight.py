"""A form is refused because its sender lost access while sending it: the page that says so shows
nothing they can no longer see.
"""

import pytest

from tests import agenda, factories
from tests.attendance.checking_in import guest, path
from tests.conversation.talking import thread
from tests.voting import making
from webapp.agenda import bookings
from webapp.attendance import guests, messages, rsvps
from webapp.conversation import replies
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.time import clock
from webapp.events.comments import EventContainer
from webapp.events.models import Event
from webapp.groups import memberships, questions, requests
from webapp.groups.models import APPROVE, INVITE, ORGANIZER, SECRET, TEXT, Group, Membership
from webapp.voting.ballots import casting
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.tally import Rules

pytestmark = pytest.mark.any_database
SHUT = Conflict("This is not open to you.")
OFF_ROLL = BallotRefused(["not_on_roll"], Rules("single", 2, ""))


class SharedThings:
    """Ana's group with a thread, a vote, and an event to which Ben and a guest go."""

    def __init__(self, ana, ben):
        self.group = factories.group(ana, ben, description="By the weir.")
        self.event = agenda.conference(
            ana, self.group, description="By the weir.", allows_guests=True
        )
        session = agenda.session(self.event, description="By the weir.")
        self.session = f"/agenda/{session.id}"
        agenda.going(self.event, ben)
        self.guest = guest(self.event)
        said = thread(self.group, ana, words="By the weir.")
        replies.add(EventContainer(self.event).begin(), ana, "By the weir.")
        self.thread = f"{self.group.path}/conversation/{said.id}"
        self.vote = making.vote(self.group, ana, description="By the weir.")
        db.session.commit()


#: The page where someone writes, the path that the form is sent to, the rule that refuses it, and
#: how.
WAYS = {
    "answer": (lambda c: c.event.path, "/rsvp", rsvps, "answer", SHUT),
    "seat": (lambda c: c.event.path + c.session, "/booking", bookings, "book", SHUT),
    "message": (lambda c: c.event.path, "/message", messages, "write_to_hosts", SHUT),
    "guest": (lambda c: c.event.path, "/guest", guests, "ask", SHUT),
    "guest's message": (lambda c: path(c.guest), "/message", messages, "write_to_hosts", SHUT),
    "guest's seat": (lambda c: path(c.guest) + c.session, "/booking", bookings, "book", SHUT),
    "comment": (lambda c: f"{c.event.path}/comments", "/replies", replies, "add", SHUT),
    "reply": (lambda c: c.thread, "/replies", replies, "add", SHUT),
    "request": (lambda c: c.group.path, "/request", requests, "ask", SHUT),
    "member": (
        lambda c: c.group.path,
        "/membership",
        memberships,
        "join",
        Conflict("Read the code of conduct.", "code"),
    ),
    "question": (lambda c: f"{c.group.path}/manage/questions", "", questions, "add", SHUT),
    "ballot": (lambda c: c.vote.path, "/ballot", casting, "cast", OFF_ROLL),
}
FIELDS = {
    "answer": "going",
    "party": "1",
    "body": "Hm?",
    "text": "Who?",
    "kind": "text",
    "choice": "yes",
    "name": "Gil",
    "email": "gil@example.com",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_refusal_reveals_nothing_to_people_who_lost_access_meanwhile(
    way, ana, ben, cem, browser, monkeypatch
):
    begin, end, rules, verb, refusal = WAYS[way]
    shared = SharedThings(ana, ben)
    address = begin(shared)
    if way == "request":
        shared.group.join_policy = APPROVE
        db.session.commit()
    if way == "question":
        memberships.take_role(memberships.current(shared.group, ben), ORGANIZER)
        questions.add(
            shared.group, ana, text="By the weir.", kind=TEXT, options=[], is_required=False
        )
        db.session.commit()
    who = {"request": cem, "member": cem}.get(way, None if "guest" in way else ben)
    tab = browser(who)
    assert "By the weir." in tab.get(address).text
    shut = shut_out(shared.group.id, ben.id)

    def refuse(*_args, **_values):
        shut()
        raise refusal

    monkeypatch.setattr(rules, verb, refuse)

    assert tab.post(address + end, FIELDS).status_code in (403, 404)
    assert "By the weir." not in tab.answer.text


def shut_out(group_id, user_id):
    """Close the group, hide its events and remove the member, as another process would."""

    def shut():
        db.session.rollback()
        here = {"synchronize_session": False}
        session = db.session
        session.query(Membership).filter_by(group_id=group_id, user_id=user_id).delete(**here)
        session.query(Group).filter_by(id=group_id).update(
            {"visibility": SECRET, "join_policy": INVITE}, **here
        )
        session.query(Event).filter_by(group_id=group_id).update(
            {"deleted_at": clock.now()}, **here
        )
        session.commit()

    return shut
