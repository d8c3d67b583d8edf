"""Rows for every email that the site sends, written directly into the tables."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

import sqlalchemy as sa

from tests import factories
from tests.agenda import FIRST, conference
from tests.attendance.checking_in import asked, guest
from tests.conversation.talking import said, thread
from tests.moderation.reporting import judged, reported
from tests.voting import making
from tests.voting.results.making import voted
from webapp.accounts import emailed_links
from webapp.accounts.models import Invitation
from webapp.agenda.models import AgendaSession, Booking, Room
from webapp.attendance.models import HostMessage
from webapp.core.db.base import new_id
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.events import change_notices
from webapp.events.comments import EventContainer
from webapp.events.models import EventInvitation, EventNotice, HostInvitation, Rsvp
from webapp.groups.models import JoinRequest, Membership, OwnershipOffer
from webapp.invitations import opt_outs
from webapp.invitations.models import GroupInvitation
from webapp.mail.jobs import rendering
from webapp.moderation.models import CaseStep, Report
from webapp.notifications import preferences
from webapp.notifications.models import NOW, DigestEmail, Notification
from webapp.notifications.notification_types import EVENTS, NOTIFICATION_TYPES, PLAIN
from webapp.notifications.notify import notify
from webapp.voting.models import Statement

LATER = timedelta(days=2)


class Words(NamedTuple):
    """The names of the group, the event, the thread and people, and the texts that people write."""

    group: str = "Harbour Cyclists"
    title: str = "Thursday ride"
    name: str = "Ana"
    said: str = (
        "The **path** is open. Bring a [sign](https://signs.example).\n\n"
        "See you [there](/groups/w) again."
    )


def written(template: str, ids: dict[str, Any], to: str = "ben@example.org") -> Any:
    """Return the email as it would be sent now; None if it has become pointless."""
    return rendering.written(
        SimpleNamespace(
            locale="en",
            template=template,
            ids={name: str(value) for name, value in ids.items()},
            address=to,
            message_id=f"{new_id()}",
        )
    )


class EmailScene:
    """A group with everything that emails are about."""

    def __init__(self, words: Words | None = None) -> None:
        self.words = words = words or Words()
        self.ana = factories.user(words.name, "Souza", is_admin=True)
        self.ben, self.cem = factories.user("Ben", "Okafor"), factories.user("Cem", "Yılmaz")
        self.group = factories.group(self.ana, self.ben, name=words.group, slug=f"g-{new_id()}")
        self.to = {"user": self.ben.id}

    def emails(self) -> list[tuple[str, dict[str, Any]]]:
        """Return (template, ids) of every email, for some of them several."""
        return [
            *self.of_accounts(),
            *self.of_the_conversation(),
            *self.of_answers(),
            *self.of_events(),
            *self.of_guests(),
            *self.of_sessions(),
            *self.of_the_group(),
            *self.of_votes(),
            *self.of_reports(),
            *self.of_other_types(),
        ]

    def of_accounts(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails about the account: confirmed, changed, left."""
        new = factories.user(self.words.name, verified_at=None)
        leaving = factories.user("Lea", deactivated_at=clock.now())
        leaving.deletion_due_at = clock.now() + LATER
        waiting = factories.user("Wim", approved_at=None)
        invitation = Invitation(email="ida@example.org", expires_at=clock.now() + LATER)
        db.session.add(invitation)
        db.session.flush()
        verify = emailed_links.current_or_new(new, emailed_links.VERIFY)
        reset = emailed_links.current_or_new(self.ben, emailed_links.RESET)
        change = emailed_links.current_or_new(self.ben, emailed_links.CHANGE, "new@example.org")
        return [
            ("accounts/verify", {"link": verify.id}),
            ("accounts/reset", {"link": reset.id}),
            ("accounts/change_confirm", {"link": change.id}),
            ("accounts/change_asked", {"link": change.id}),
            *(
                (f"accounts/{name}", self.to)
                for name in (
                    "already",
                    "password_changed",
                    "change_taken",
                    "email_changed",
                    "approved",
                )
            ),
            ("accounts/leaving", {"user": leaving.id}),
            ("accounts/already", {"user": leaving.id}),
            ("accounts/declined", {}),
            ("accounts/invited", {"invitation": invitation.id}),
            ("accounts/waiting", {"user": self.ana.id, "person": waiting.id}),
            (
                "accounts/admins",
                {"user": self.ana.id, "person": self.ben.id, "by": self.ana.id, "made": "yes"},
            ),
            ("mail/test", {}),
        ]

    def of_the_conversation(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails about replies in a thread and comments on an event."""
        talk = thread(self.group, self.ana, self.words.title[:120], self.words.said)
        reply = said(talk, self.ana, self.words.said)
        comment = said(EventContainer(self.event()).begin(), self.ana, self.words.said)
        ids = {**self.to, "reply": reply.id}
        return [
            ("conversation/announced", ids),
            ("conversation/mentioned", ids),
            ("conversation/replied", ids),
            ("conversation/replied", {**self.to, "reply": comment.id}),
        ]

    def of_answers(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails about each answer, and about what hosts and the waiting list do with it."""
        made = []
        for template, state, values in (
            ("answered", "going", {}),
            ("answered", "maybe", {}),
            ("answered", "not_going", {}),
            ("approved", "going", {}),
            ("hosted", "going", {}),
            ("hosted", "waiting", {}),
            ("waiting", "waiting", {}),
            ("expired", "waiting", {}),
            ("asked", "asked", {}),
            ("refused", "refused", {"decline_message": self.words.said[:200]}),
            ("promoted", "going", {}),
            ("offered", "offered", {"offered_until": clock.now() + LATER}),
        ):
            event = self.answered(state, **values)
            ids = {**self.to, "event": event.id, "state": state, "party": 2}
            made.append((f"events/{template}", ids))
        closed = factories.event(self.ana, self.group, title=self.words.title, audience="group")
        return [*made, ("events/released", {"user": self.cem.id, "event": closed.id})]

    def of_events(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails to attendees, and to people who are invited."""
        event, off = (
            self.answered("going", venue="The old ferry, Quay Road"),
            self.answered("going"),
        )
        off.state, off.cancelled_reason = "cancelled", self.words.said[:200]
        before = {**change_notices.schedule_of(event), "venue": "The bridge"}
        over = self.answered("going", starts_at=clock.now() - LATER, feedback="named")
        notice = self.notice(event, "message", subject=self.words.title[:120], body=self.words.said)
        changed, inviting = (
            self.notice(event, "changed", words={"before": before}),
            self.notice(self.event(), "invited", body=self.words.said[:300]),
        )
        stranger = EventInvitation(
            event_id=inviting.event_id,
            news_id=inviting.id,
            by_id=self.ana.id,
            email="ida@example.org",
            address_hash="0" * 64,
        )
        hosting = HostInvitation(
            event_id=event.id,
            user_id=self.cem.id,
            by_id=self.ana.id,
            expires_at=clock.now() + LATER,
        )
        message = HostMessage(event_id=event.id, user_id=self.cem.id, body=self.words.said)
        db.session.add_all([stranger, hosting, message])
        db.session.flush()
        ids, starts = {**self.to, "event": event.id}, {"starts": event.starts_at.isoformat()}
        return [
            ("events/published", ids),
            ("events/resumed", ids),
            ("events/changed", {**ids, "notice": changed.id}),
            ("events/cancelled", {**self.to, "event": off.id}),
            ("events/nearing", {**ids, **starts}),
            ("events/starting", {**ids, **starts}),
            ("events/over", {**self.to, "event": over.id}),
            ("events/written", {**ids, "notice": notice.id}),
            (
                "events/invited",
                {"user": self.cem.id, "event": inviting.event_id, "notice": inviting.id},
            ),
            ("events/invited_by_mail", {"invitation": stranger.id}),
            ("events/message", {"user": self.ana.id, "message": message.id}),
            ("events/host_asked", {"user": self.cem.id, "invitation": hosting.id}),
            ("events/guest_known", ids),
        ]

    def of_guests(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails to guests."""
        gil = guest(self.event(venue=self.words.title[:80]))
        new = asked(self.event(venue=self.words.title[:80]), self.words.name)
        ids = {"guest": gil.id, "event": gil.event_id}
        return [
            ("events/guest_asks", {"guest": new.id}),
            ("events/guest_link", {"guest": gil.id}),
            ("events/notice", {**ids, "kind": "event.shown"}),
            ("events/answered", {**ids, "state": "going", "party": 1}),
        ]

    def of_sessions(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails about sessions of an agenda."""
        event = conference(self.ana, self.group, title=self.words.title, slug=f"e-{new_id()}")
        hall = Room(event_id=event.id, name="Hall", position=1)
        db.session.add(hall)
        db.session.flush()
        made = []
        for what, state in (
            ("promoted", "going"),
            ("offered", "offered"),
            ("expired", "waiting"),
            ("changed", "going"),
            ("cancelled", "going"),
        ):
            starts, ends = FIRST, FIRST + timedelta(hours=1)
            session = AgendaSession(
                event_id=event.id,
                room_id=hall.id,
                title=f"Saving {self.words.title}"[:120],
                starts_wall=starts,
                ends_wall=ends,
                starts_at=time_zones.to_utc(starts, event.zone),
                ends_at=time_zones.to_utc(ends, event.zone),
                cancelled_at=clock.now() if what == "cancelled" else None,
            )
            db.session.add(session)
            db.session.flush()
            booking = Booking(session_id=session.id, user_id=self.ben.id, state=state, party=2)
            booking.position = 1 if state in ("waiting", "offered") else None
            booking.offered_until = clock.now() + LATER if state == "offered" else None
            db.session.add(booking)
            made.append(
                ("events/session", {**self.to, "session": session.id, "what": f"session.{what}"})
            )
        db.session.commit()
        return made

    def of_the_group(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails about membership and invitations."""
        until, message = clock.now() + LATER, self.words.said[:200]
        asks = JoinRequest(group_id=self.group.id, user_id=self.cem.id, message=message)
        no = JoinRequest(
            group_id=self.group.id,
            user_id=factories.user("Deo").id,
            declined_at=clock.now(),
            answer=message,
        )
        offer = OwnershipOffer(
            group_id=self.group.id, user_id=self.ben.id, by_id=self.ana.id, expires_at=until
        )
        invitations = [
            GroupInvitation(
                group_id=self.group.id,
                by_id=self.ana.id,
                email=email,
                address_hash=opt_outs.hashes_of(email)[0],
                message=message,
                expires_at=until,
            )
            for email in ("ida@example.org", self.cem.email)
        ]
        db.session.add_all([asks, no, offer, *invitations])
        db.session.commit()
        held = db.session.scalars(
            sa.select(Membership).where(
                Membership.user_id == self.ben.id, Membership.group_id == self.group.id
            )
        ).one()
        group = {"group": self.group.id}
        return [
            ("groups/request_arrived", {"user": self.ana.id, "request": asks.id}),
            ("groups/request_approved", {**self.to, **group}),
            ("groups/request_declined", {"user": no.user_id, "request": no.id}),
            ("groups/role_changed", {**self.to, "membership": held.id}),
            ("groups/ownership_offered", {**self.to, "offer": offer.id}),
            ("groups/removed", {"user": self.cem.id, **group}),
            ("invitations/invited", {"invitation": invitations[0].id}),
            ("invitations/arrived", {"user": self.cem.id, "invitation": invitations[1].id}),
        ]

    def of_votes(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails about open votes and a closed one."""
        vote = making.vote(self.group, self.ana, title=self.words.title[:120])
        done = voted(self.group, self.ana, title=self.words.title[:120])
        db.session.add(Statement(vote_id=done.id, by_id=self.ana.id, body=self.words.said))
        db.session.commit()
        ids, closes = {**self.to, "vote": vote.id}, {"closes": vote.closes_at.isoformat()}
        return [
            ("voting/opened", ids),
            ("voting/invited", ids),
            ("voting/nearing", {**ids, **closes}),
            ("voting/missed", {**ids, **closes, "asker": self.ana.id}),
            ("voting/closed", {"user": self.ana.id, "vote": done.id}),
            ("voting/concluded", {"user": self.ana.id, "vote": done.id}),
        ]

    def of_reports(self) -> list[tuple[str, dict[str, Any]]]:
        """Return emails about reports and decisions."""
        event = factories.event(self.ben, self.group, title=self.words.title, slug=f"e-{new_id()}")
        judged(reported("event", event, self.cem), "warned", self.ana, self.words.said[:200])
        step = db.session.scalars(sa.select(CaseStep).order_by(CaseStep.id.desc())).first()
        report = db.session.scalars(sa.select(Report)).first()
        assert step is not None
        assert report is not None
        return [
            ("moderation/decided", {**self.to, "step": step.id}),
            ("moderation/received", {"report": report.id}),
            ("moderation/looked_at", {"report": report.id}),
        ]

    def of_other_types(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the notification types without an email of their own, and the digest."""
        from tests.notifications.test_notification_types import DECIDED

        day = DigestEmail(user_id=self.ben.id, day=clock.now().date())
        db.session.add(day)
        named = {
            "event": self.words.title,
            "title": self.words.title,
            "name": self.words.name,
            "group": self.words.group,
            "label": self.words.title,
        }
        for name, kind in NOTIFICATION_TYPES.items():
            if kind.says is not None and PLAIN in kind.emails:
                reader = self.ana if kind.for_admins else self.ben
                preferences.choose(reader, {name: NOW})
                about = self.words.title if kind.topic == EVENTS else self.words.group
                words = {key: named.get(key, value) for key, value in DECIDED[name][3].items()}
                notify(
                    [reader],
                    name,
                    "/somewhere",
                    words,
                    about=about,
                    group_id=self.group.id,
                )
        db.session.flush()
        made = sa.select(Notification).where(Notification.url == "/somewhere")
        lines = db.session.scalars(made.order_by(Notification.id)).all()
        for line in [line for line in lines if line.user_id == self.ben.id][:3]:
            line.digest_id = day.id
        db.session.commit()
        return [
            *((PLAIN, {"user": line.user_id, "notice": line.id}) for line in lines),
            ("notifications/digest", {**self.to, "digest": day.id}),
        ]

    def event(self, **values: Any) -> Any:
        """Create an event of the group."""
        values = {"title": self.words.title, "slug": f"e-{new_id()}", "capacity": 5, **values}
        return factories.event(self.ana, self.group, **values)

    def answered(self, state: str, **values: Any) -> Any:
        """Create an event that Ben has answered for two people."""
        own = {
            name: values.pop(name)
            for name in ("decline_message", "offered_until")
            if name in values
        }
        event = self.event(**values)
        db.session.add(
            Rsvp(
                event_id=event.id,
                user_id=self.ben.id,
                state=state,
                party=2,
                **own,
                position=1 if state in ("waiting", "offered") else None,
            )
        )
        db.session.commit()
        return event

    def notice(self, event: Any, kind: str, **values: Any) -> EventNotice:
        """Create a notice about the event to many people."""
        row = EventNotice(event_id=event.id, kind=kind, by_id=self.ana.id, **values)
        db.session.add(row)
        db.session.commit()
        return row
