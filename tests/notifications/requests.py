"""Each type of notification that asks for something, and how what it asks for can end.

`SCENES`: type -> a function that lets it be sent, and returns who gets it with the endings.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests import factories
from tests.agenda import conference, session
from tests.conversation.talking import said, thread
from tests.fan_outs import run_fan_outs
from tests.moderation.reporting import judged, reported
from tests.volunteering.helping import comes, shift, task
from tests.voting import making
from tests.voting.running import close
from webapp.agenda import notices as agenda, sessions
from webapp.agenda.models import Booking
from webapp.attendance import approvals, rsvps
from webapp.conversation import threads
from webapp.core.db.base import new_id
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import change_notices, hosts, notices as events, planning
from webapp.events.models import GROUP, OFFERED, Rsvp
from webapp.events.models.change_notice import DAY, HOUR
from webapp.groups import groups, memberships, ownership, requests
from webapp.groups.models import APPROVE, CLOSED, INVITE, MODERATOR
from webapp.invitations import accepting, notices as invitations
from webapp.invitations.models import GroupInvitation
from webapp.moderation.models import DISMISSED
from webapp.notifications.notify import alert_admins, notify
from webapp.privacy.models import READY, DataExport
from webapp.volunteering import notifications as volunteering, shifts, tasks
from webapp.voting import notices as voting, reporting
from webapp.voting.electorate import invitees
from webapp.voting.models import INVITED
from webapp.voting.planning import votes
from webapp.voting.results import outcomes

Endings = dict[str, Callable[[], Any]]


class Stage:
    """Ana owns a closed group, in which Ben is a member; Cem isn't. `at` sets the clock."""

    def __init__(self, ana: Any, ben: Any, cem: Any, at: Callable[[Any], None]) -> None:
        self.ana, self.ben, self.cem, self.at = ana, ben, cem, at
        self.group = factories.group(ana, ben, visibility=CLOSED, join_policy=INVITE)
        db.session.commit()

    def event(self, **values: Any) -> Any:
        """Create an event for members."""
        return factories.event(self.ana, self.group, audience=GROUP, **values)

    def later(self, moment: Any) -> Callable[[], None]:
        """Return a function that lets the time come."""
        return lambda: self.at(moment + timedelta(minutes=1))

    def ends(self, person: Any = None) -> Endings:
        """Return what ends everything in the group for a person, by default for Ben."""
        leaver = person or self.ben
        found: Endings = {"group deleted": lambda: groups.delete(self.group, by=self.ana)}
        if leaver.id != self.ana.id:
            found["leave"] = lambda: memberships.leave(self.group, by=leaver)
        return found

    def event_ends(self, event: Any) -> Endings:
        """Return what ends an event."""

        def cancelled() -> None:
            planning.cancel(event, by=self.ana, reason="Rain")

        def deleted() -> None:
            cancelled()  # where people have answered, first they're told
            planning.delete(event, by=self.ana)

        return {
            "cancel": cancelled,
            "delete": deleted,
            "expire": self.later(event.ends_at + timedelta(days=30)),
            **self.ends(),
        }

    def vote_ends(self, vote: Any) -> Endings:
        """Return what ends Ben's part in a vote."""

        def closed() -> None:
            self.at(vote.closes_at)
            close(vote)

        return {
            "cancel": lambda: votes.cancel(vote, by=self.ana),
            "hide": lambda: reporting.hide(vote, by=self.ana),
            "expire": lambda: self.at(vote.closes_at),
            "close": closed,
            "answer": lambda: making.cast(vote, self.ben, 1),
            **self.ends(),
        }


def _request(it: Stage) -> tuple[Any, Endings]:
    it.group.join_policy = APPROVE
    factories.membership(it.group, it.cem, MODERATOR)
    dia = factories.user("Dia")
    asked = requests.ask(it.group, by=dia)
    return it.cem, {
        "approve": lambda: requests.approve(asked, by=it.ana),
        "decline": lambda: requests.decline(asked, by=it.ana),
        "ignore": lambda: requests.ignore(asked, by=it.ana),
        "withdraw": lambda: requests.withdraw(it.group, by=dia),
        **it.ends(it.cem),
    }


def _ownership(it: Stage) -> tuple[Any, Endings]:
    member = memberships.current(it.group, it.ben)
    offer = ownership.offer(member, by=it.ana)
    return it.ben, {
        "accept": lambda: ownership.accept(it.group, by=it.ben),
        "decline": lambda: ownership.decline(it.group, by=it.ben),
        "withdraw": lambda: ownership.withdraw(it.group, it.ben, by=it.ana),
        "expire": it.later(offer.expires_at),
        **it.ends(),
    }


def _invitation(it: Stage) -> tuple[Any, Endings]:
    row = GroupInvitation(
        id=new_id(),
        group_id=it.group.id,
        by_id=it.ana.id,
        email=it.cem.email,
        address_hash="0" * 64,
        max_uses=1,
        expires_at=clock.now() + timedelta(days=30),
    )
    db.session.add(row)
    db.session.flush()
    invitations.arrived(row, it.cem)
    return it.cem, {
        "accept": lambda: accepting.accept(row, by=it.cem),
        "decline": lambda: accepting.decline(row, by=it.cem),
        "expire": it.later(row.expires_at),
        "group deleted": it.ends()["group deleted"],
    }


def _vote(it: Stage) -> tuple[Any, Endings]:
    vote = making.vote(it.group, it.ana)
    run_fan_outs()
    return it.ben, it.vote_ends(vote)


def _invited_vote(it: Stage) -> tuple[Any, Endings]:
    vote = making.vote(it.group, it.ana, electorate=INVITED)
    invitees.replace(vote, it.ana, [it.ben.id])
    run_fan_outs()
    return it.ben, it.vote_ends(vote)


def _nearing_vote(it: Stage) -> tuple[Any, Endings]:
    vote = making.vote(it.group, it.ana)
    voting.missed(vote, [it.ben], by=None)
    return it.ben, it.vote_ends(vote)


def _missed_vote(it: Stage) -> tuple[Any, Endings]:
    vote = making.vote(it.group, it.ana)
    voting.missed(vote, [it.ben], by=it.ana)
    return it.ben, it.vote_ends(vote)


def _review(it: Stage) -> tuple[Any, Endings]:
    vote = making.vote(it.group, it.ana)
    it.at(vote.closes_at)
    close(vote)
    day = (clock.now() + timedelta(days=30)).date()
    statement = outcomes.publish(vote, it.ana, "We bring bread.", day)
    assert statement.review_at is not None
    it.at(statement.review_at)
    assert outcomes.remind(statement.id)
    return it.ana, {
        "move": lambda: outcomes.change(
            vote, it.ana, "We bring it.", day + timedelta(days=9), statement.version
        ),
        "hide": lambda: reporting.hide(vote, by=it.ana),
        "group deleted": it.ends()["group deleted"],
    }


def _thread_ends(it: Stage, talk: Any) -> Endings:
    return {"delete": lambda: threads.delete(talk, by=it.ana), **it.ends()}


def _announced(it: Stage) -> tuple[Any, Endings]:
    talk = thread(it.group, it.ana, "The gate", announces=True)
    run_fan_outs()
    return it.ben, _thread_ends(it, talk)


def _mentioned(it: Stage) -> tuple[Any, Endings]:
    talk = thread(it.group, it.ana, "The gate", f"Look, @{it.ben.handle}!")
    run_fan_outs()
    return it.ben, _thread_ends(it, talk)


def _replied(it: Stage) -> tuple[Any, Endings]:
    talk = thread(it.group, it.ben, "The gate")
    said(talk, it.ana)
    run_fan_outs()
    return it.ben, {
        "delete": lambda: threads.remove(talk, by=it.ana, reason="It was spam."),
        **it.ends(),
    }


def _of_event(send: Callable[[Stage, Any], Any], goes: bool = False) -> Any:
    """Return the scene in which `send` tells Ben of an event, to which he goes if so."""

    def begin(it: Stage) -> tuple[Any, Endings]:
        event = it.event()
        if goes:
            comes(event, it.ben)
        send(it, event)
        ends = it.event_ends(event)
        if goes:
            ends["withdraw"] = lambda: rsvps.withdraw(event, by=it.ben)
        return it.ben, ends

    return begin


def _moved(it: Stage, event: Any) -> None:
    before = change_notices.schedule_of(event) | {"venue": "The old hall"}
    events.moved(event, [it.ben], new_id(), before)


def _invited_to_event(it: Stage) -> tuple[Any, Endings]:
    event = it.event()
    events.invited(event, [it.ben], it.ana, new_id(), emailed=False)
    return it.ben, {**it.event_ends(event), "answer": lambda: comes(event, it.ben)}


def _over(it: Stage) -> tuple[Any, Endings]:
    event = it.event(starts_at=clock.now() - timedelta(hours=4))
    db.session.add(Rsvp(event_id=event.id, user_id=it.ben.id, state="going"))
    events.feedback_requested(event, [it.ben])
    return it.ben, {
        "hide": lambda: setattr(event, "hidden_at", clock.now()),
        "delete": lambda: setattr(event, "deleted_at", clock.now()),
        "expire": it.event_ends(event)["expire"],
        **it.ends(),
    }


def _joining(it: Stage) -> tuple[Any, Endings]:
    event = factories.event(it.ana, it.group, requires_approval=True, audience=GROUP)
    rsvps.answer(event, by=it.ben)
    row = rsvps.of(event, it.ben)
    ends = it.event_ends(event)
    return it.ana, {
        "approve": lambda: approvals.approve(event, row.id, by=it.ana),
        "decline": lambda: approvals.decline(event, row.id, by=it.ana),
        "withdraw": lambda: rsvps.withdraw(event, by=it.ben),
        **{name: ends[name] for name in ("cancel", "delete", "expire", "group deleted")},
    }


def _seat(it: Stage) -> tuple[Any, Endings]:
    event = it.event(capacity=1, seats_taken=1)
    row = Rsvp(event_id=event.id, user_id=it.ben.id, state=OFFERED, position=1)
    row.event, row.user, row.offered_until = event, it.ben, clock.now() + timedelta(hours=9)
    db.session.add(row)
    db.session.flush()
    events.offered(row)
    return it.ben, {
        "accept": lambda: rsvps.accept_offer(event, by=it.ben),
        "decline": lambda: rsvps.decline_offer(event, by=it.ben),
        "offer expired": it.later(row.offered_until),
        **it.event_ends(event),
    }


def _host(it: Stage) -> tuple[Any, Endings]:
    event = it.event()
    invitation = hosts.ask(event, it.ben.handle, by=it.ana)
    assert invitation is not None
    return it.ben, {
        "accept": lambda: hosts.accept(event, by=it.ben),
        "decline": lambda: hosts.decline(event, by=it.ben),
        "withdraw": lambda: hosts.withdraw(event, invitation.id, by=it.ana),
        "expire": it.later(invitation.expires_at),
        "delete": lambda: planning.delete(event, by=it.ana),
        "group deleted": it.ends()["group deleted"],
    }


def _session(kind: str, state: str = "going") -> Any:
    """Return the scene in which Ben is told of a session."""

    def begin(it: Stage) -> tuple[Any, Endings]:
        event = conference(it.ana, it.group, slug=f"day-{new_id()}")
        comes(event, it.ben)
        made = session(event, capacity=1)
        row = Booking(session_id=made.id, user_id=it.ben.id, state=state)
        if state == OFFERED:
            row.position, row.offered_until = 1, clock.now() + timedelta(hours=9)
        row.session, row.user = made, it.ben
        db.session.add(row)
        db.session.flush()
        if state == OFFERED:
            until = row.offered_until.isoformat()
            words = {"party": 1, "until": until, "zone": it.ben.zone}
            agenda.notify_booking(row, "rsvp.offered", words)
        else:
            agenda.session_changed(made, [it.ben], {"room": None})

        ends = it.event_ends(event)
        offer = {"offer expired": it.later(row.offered_until)} if row.offered_until else {}
        return it.ben, {
            "session cancelled": lambda: sessions.cancel(event, made, by=it.ana),
            **offer,
            **{name: ends[name] for name in ("cancel", "delete", "expire", "group deleted")},
        }

    return begin


def _task(it: Stage) -> tuple[Any, Endings]:
    event = it.event()
    comes(event, it.ben)
    made = task(event, it.ana, who=it.ben.handle)
    ends = it.event_ends(event)
    return it.ben, {
        "release": lambda: tasks.release(event, made.id, by=it.ben),
        "remove": lambda: tasks.remove(event, made, by=it.ana),
        **{name: ends[name] for name in ("cancel", "delete", "leave", "group deleted")},
    }


def _shift(send: Callable[[Any, Any, Any], Any]) -> Any:
    """Return the scene in which `send` tells Ben of his shift."""

    def begin(it: Stage) -> tuple[Any, Endings]:
        event = it.event()
        comes(event, it.ben)
        made = shift(event, it.ana)
        shifts.claim(event, made.id, by=it.ben)
        send(event, made, it)
        ends = it.event_ends(event)
        return it.ben, {
            "release": lambda: shifts.release(event, made.id, by=it.ben),
            "remove": lambda: shifts.remove(event, made, by=it.ana),
            "expire": it.later(made.ends_at),
            **{name: ends[name] for name in ("cancel", "delete", "leave", "group deleted")},
        }

    return begin


def _case(it: Stage) -> tuple[Any, Endings]:
    factories.membership(it.group, it.cem)
    case = reported("reply", said(thread(it.group, it.ben), it.cem), it.ben)
    return it.ana, {
        "decide": lambda: judged(case, DISMISSED, it.ana),
        "group deleted": it.ends()["group deleted"],
    }


def _site_case(it: Stage) -> tuple[Any, Endings]:
    admin = factories.user("Dia", is_admin=True)
    db.session.commit()
    case = reported("person", it.ben, it.cem)
    return admin, {
        "demote": lambda: setattr(admin, "is_admin", False),
        "decide": lambda: judged(case, DISMISSED, admin),
    }


def _export(it: Stage) -> tuple[Any, Endings]:
    until = clock.now() + timedelta(days=7)
    person = factories.user("Fay")
    row = DataExport(user_id=person.id, state=READY, expires_at=until, file="a", size=1)
    db.session.add(row)
    db.session.flush()
    notify([person], "export.ready", "/account/data", scope="export", subject_id=person.id)
    return person, {"expire": it.later(until), "delete": lambda: db.session.delete(row)}


def _sign_up(it: Stage) -> tuple[Any, Endings]:
    admin = factories.user("Dia", is_admin=True)
    new = factories.user("Eli", approved_at=None)
    alert_admins(new)
    return admin, {
        "demote": lambda: setattr(admin, "is_admin", False),
        "approve": lambda: setattr(new, "approved_at", clock.now()),
        "expire": lambda: setattr(new, "deactivated_at", clock.now()),
    }


SCENES: dict[str, Callable[[Stage], tuple[Any, Endings]]] = {
    "person.waiting": _sign_up,
    "request.arrived": _request,
    "ownership.offered": _ownership,
    "invitation.arrived": _invitation,
    "thread.announced": _announced,
    "reply.mentioned": _mentioned,
    "reply.arrived": _replied,
    "event.published": _of_event(lambda it, event: events.published(event, [it.ben], it.ana)),
    "event.changed": _of_event(_moved),
    "event.nearing": _of_event(lambda it, event: events.nearing(event, [it.ben], DAY), goes=True),
    "event.starting": _of_event(lambda it, event: events.nearing(event, [it.ben], HOUR), goes=True),
    "event.resumed": _of_event(lambda it, event: events.resumed(event, [it.ben])),
    "event.shown": _of_event(lambda it, event: events.unhidden(event, [it.ben])),
    "event.invited": _invited_to_event,
    "event.over": _over,
    "rsvp.asked": _joining,
    "rsvp.offered": _seat,
    "host.asked": _host,
    "session.offered": _session("session.offered", OFFERED),
    "session.changed": _session("session.changed"),
    "task.given": _task,
    "task.due": _shift(
        lambda event, made, it: volunteering.due(event, it.ben, made.title, made.starts_at)
    ),
    "shift.moved": _shift(
        lambda event, made, it: volunteering.moved(event, [it.ben], made, by=it.ana)
    ),
    "report.arrived": _case,
    "report.raised": _site_case,
    "export.ready": _export,
    "vote.opened": _vote,
    "vote.invited": _invited_vote,
    "vote.nearing": _nearing_vote,
    "vote.missed": _missed_vote,
    "vote.review": _review,
}
