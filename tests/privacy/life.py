"""A whole life on the site: a row of the person in every table that can hold one, and a canary in
each of their texts.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tests import factories, images
from tests.fan_outs import run_fan_outs
from tests.voting import making
from tests.voting.secret import asking
from webapp.accounts import emailed_links, sign_ins
from webapp.accounts.models import MUTE, BlockOrMute, FormerHandle, Invitation
from webapp.agenda import notices as agenda_notices
from webapp.agenda.models import AgendaSession, Booking, Speaker
from webapp.attendance import messages
from webapp.attendance.feedback import tag_of
from webapp.attendance.models import Attendance, CheckInEvent, Feedback
from webapp.conversation import post_pictures, reactions, removals, replies, threads
from webapp.conversation.models import Reply
from webapp.core.extensions import db
from webapp.core.jobs.fan_out import FanOut
from webapp.core.jobs.queue import JOBS
from webapp.core.observability import audit
from webapp.core.observability.audit import AuditAddress, AuditEntry
from webapp.core.time import clock
from webapp.event_files import uploads
from webapp.events import change_notices, notices
from webapp.events.comments import EventContainer
from webapp.events.event_input import renew_search_text
from webapp.events.models import (
    DRAFT,
    GOING,
    MAYBE,
    CalendarFeed,
    Event,
    EventHost,
    EventInvitation,
    EventNotice,
    EventQuestion,
    HostInvitation,
    Rsvp,
    WaitlistStep,
)
from webapp.groups import groups, member_removal, reads
from webapp.groups.models import (
    ORGANIZER,
    OWNER,
    Ban,
    Category,
    JoinRequest,
    Membership,
    OwnershipOffer,
)
from webapp.invitations.models import GroupInvitation, InvitationUse, InvitedSignUp, Mailing
from webapp.mail import outbox, personal_data
from webapp.moderation import reports
from webapp.moderation.models import Case, CaseStep, Report, ReportAddress
from webapp.moderation.reportable_types import THINGS
from webapp.notifications.models import DigestEmail, GroupLevel, Notification, Preference
from webapp.notifications.notify import notify
from webapp.people import profiles
from webapp.people.models import Profile
from webapp.privacy.models import DataExport
from webapp.volunteering.models import EventShift, EventTask, ShiftClaim
from webapp.voting.comments import VoteContainer
from webapp.voting.models import NUDGE, Invitee, SecretRoll, Statement

from . import finding, hosting
from .canaries import Canaries, Origin


@dataclass
class Life:
    """Cara's life, with its canaries."""

    canaries: Canaries
    cara_id: UUID

    def words(self) -> set[tuple[Origin, str]]:
        """Return the canaries in the database, each with the column that contains it."""
        return {
            (origin, column)
            for column, text in finding.everything().items()
            for origin in self.canaries.within(text)
        }


def lived(app: Any, canaries: Canaries | None = None) -> Any:
    """Create Cara, who has done everything, with canaries in all of it; commit, and notify
    everyone.
    """
    canaries = canaries or Canaries()
    names = {name: canaries.word(f"user.{name}") for name in ("first_name", "last_name", "handle")}
    email = f"{canaries.word('user.email')}@example.org"
    cara = factories.user(**names, email=email)
    ben = factories.user("Ben", "Okafor", is_admin=True)
    with factories.together():
        ours = factories.group(cara, ben, name="Ours")
        theirs = factories.group(ben, name="Theirs")
        factories.membership(theirs, cara, ORGANIZER)
        dan = factories.user("Dan", "Lund")
        for event in _places(cara, ben, theirs):
            hosting.planned(event, cara, ben, dan)
        _meetings(cara, ben, theirs)
        _votes(cara, ben, theirs)
        _talk(cara, ben, theirs)
        hosting.led(ours)
        _invitations(cara, ours, theirs)
        _reports(cara, ben, theirs)
        _page(cara)
    canaries.fill(cara)
    _spoken_of(cara, ben)
    _traces(app, cara, ben, ours)
    canaries.fill(cara)
    return cara


def _places(cara: Any, ben: Any, group: Any) -> list[Any]:
    """Create events of hers (four alone, one with another host, one in a group) and one of
    Ben's.
    """
    past = clock.now() - timedelta(days=30)
    alone = [factories.event(cara, state=state) for state in ("draft", "cancelled", "published")]
    alone.append(factories.event(cara, starts_at=past))
    shared, ours, theirs = (
        factories.event(cara, starts_at=past),
        factories.event(cara, group),
        factories.event(ben),
    )
    db.session.add(EventHost(event_id=shared.id, user_id=ben.id))
    return [*alone, shared, ours, theirs]


def _spoken_of(cara: Any, ben: Any) -> None:
    """Create what refers to her words, and copies of them: in search, in an inbox, in a case."""
    for membership in db.session.scalars(
        sa.select(Membership).where(Membership.user_id == cara.id, Membership.role == OWNER)
    ):
        groups.renew_search_text(membership.group)
    for event in db.session.scalars(
        sa.select(Event).where(Event.owner_id == cara.id, Event.state != DRAFT)
    ).all():
        renew_search_text(event)
        EventContainer(event).rename()
        reports.report(THINGS["event"], event, ben, "spam", "Look at this")
        for asked in db.session.scalars(
            sa.select(EventQuestion).where(EventQuestion.event_id == event.id)
        ).all():
            bens = sa.update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.user_id == ben.id)
            db.session.execute(bens.values(answers=[[asked.id.hex, asked.text, "So"]]))
        if event.is_cancelled:
            notices.cancelled(event, [ben])
        for model, tell_of in _TOLD.items():
            for row in db.session.scalars(sa.select(model).filter_by(event_id=event.id)).all():
                tell_of(event, row, [ben])
    for event in db.session.scalars(
        sa.select(Event).join(Speaker).where(Speaker.user_id == cara.id)
    ).all():
        reports.report(THINGS["event"], event, None, "spam", "Look at who speaks")
    for reply in db.session.scalars(
        sa.select(Reply).where(Reply.author_id == cara.id, Reply.removed_by.is_(None))
    ).all():
        reports.report(THINGS["reply"], reply, ben, "spam", "Look at this")
    db.session.commit()


def _tell_of(event: Any, news: EventNotice, people: list[Any]) -> None:
    if news.kind == "message":
        notices.message_sent(event, people, news)
    else:
        notices.moved(event, people, news.id, change_notices.schedule_of(event) | {"venue": "Mill"})


#: What people are notified of about rows of an event.
_TOLD = {
    EventNotice: lambda event, news, people: _tell_of(event, news, people),
    Rsvp: lambda event, row, people: notices.request_declined(row),
    AgendaSession: lambda event, session, people: agenda_notices.session_changed(
        session, people, None
    ),
}


def _page(cara: Any) -> None:
    """Fill in her profile: a text, an interest, a picture, and a previous handle."""
    db.session.add(
        FormerHandle(
            handle="canary-before", user_id=cara.id, held_until=clock.now() + timedelta(days=90)
        )
    )
    topic = Category(slug="rivers", name="Rivers")
    db.session.add_all(
        [
            topic,
            Profile(
                user_id=cara.id,
                bio="Hello",
                links=["https://canary.example.org"],
                interests=[topic],
            ),
        ]
    )
    profiles.picture(cara, images.encoded(images.drawing((40, 40))))


def _invitations(cara: Any, ours: Any, theirs: Any) -> None:
    """Let her invite someone, create a link, be invited, join by an invitation, and sign up by
    one.
    """
    until = clock.now() + timedelta(days=50)
    made, got = (
        GroupInvitation(
            group_id=group.id,
            by_id=by.id,
            email=email,
            address_hash=email,
            max_uses=1,
            expires_at=until,
            sent_at=until,
        )
        for group, by, email in (
            (ours, cara, "gil@example.org"),
            (theirs, _owner(theirs), cara.email),
        )
    )
    link = GroupInvitation(
        group_id=ours.id, by_id=cara.id, max_uses=1, label="Poster", expires_at=until
    )
    db.session.add_all([made, got, link, Mailing(group_id=ours.id, by_id=cara.id, number=1)])
    db.session.flush()
    use, arrival = (
        InvitationUse(invitation_id=got.id, user_id=cara.id),
        InvitedSignUp(user_id=cara.id, invitation_id=got.id, user_nonce="x"),
    )
    db.session.add_all([use, arrival])


def _owner(group: Any) -> Any:
    return reads.members(group, OWNER)[0]


def _meetings(cara: Any, ben: Any, group: Any) -> None:
    past = clock.now() - timedelta(days=30)
    soon = clock.now() + timedelta(days=14)
    mine = factories.event(cara, group)
    took_place, coming = (
        factories.event(ben, group, starts_at=past, capacity=5),
        factories.event(ben, group),
    )
    db.session.add_all(
        [
            Rsvp(
                event_id=took_place.id,
                user_id=cara.id,
                state=GOING,
                answers=[["1", "Why?", "canary-said"]],
            ),
            Rsvp(event_id=coming.id, user_id=cara.id, state=MAYBE),
            WaitlistStep(
                event_id=took_place.id,
                number=1,
                user_id=cara.id,
                step="joined",
                party=1,
                seats_free=0,
            ),
            EventHost(event_id=coming.id, user_id=cara.id),
            HostInvitation(event_id=took_place.id, user_id=cara.id, by_id=ben.id, expires_at=soon),
            HostInvitation(event_id=mine.id, user_id=ben.id, by_id=cara.id, expires_at=soon),
            CalendarFeed(user_id=cara.id, group_id=group.id, read_on=past.date()),
            CalendarFeed(user_id=cara.id),
            BlockOrMute(user_id=cara.id, other_id=ben.id, kind=MUTE),
        ]
    )
    took_place.seats_taken, took_place.agenda_published_at = 1, past
    _agenda(cara, took_place)
    _help(cara, took_place, coming)
    db.session.add(
        Feedback(
            event_id=took_place.id,
            tag=tag_of(took_place.id, cara),
            user_id=cara.id,
            stars=4,
            comment="C",
        )
    )
    _checked_in(cara, ben, took_place)
    messages.write_to_hosts(coming, cara, "Hello")
    room = uploads.UploadAllowance(1_000_000, 1_000_000)
    uploads.add(mine, cara, [uploads.take(b"canary: bring a cup", "cups.txt")], room)
    replies.add(EventContainer(coming).begin(), cara, "Who brings a cup?")
    _news(cara, ben, coming)


def _agenda(cara: Any, event: Any) -> None:
    """Let her speak at an event, and book a session of it."""
    ends = {
        name: getattr(event, name) for name in ("starts_wall", "ends_wall", "starts_at", "ends_at")
    }
    talk = AgendaSession(event_id=event.id, title="Saving seed", **ends, seats_taken=1)
    db.session.add_all(
        [
            talk,
            Speaker(
                event_id=event.id,
                user_id=cara.id,
                name="Cara",
                bio="Saves seed",
                links=["https://x.example"],
            ),
        ]
    )
    db.session.flush()
    db.session.add(Booking(session_id=talk.id, user_id=cara.id, state=GOING))


def _help(cara: Any, took_place: Any, coming: Any) -> None:
    """Let her have had a task and a shift, and have another task."""
    hours = {"starts_at": took_place.starts_at, "ends_at": took_place.ends_at}
    shift = EventShift(event_id=took_place.id, title="Door", taken=1, **hours)
    did = EventTask(
        event_id=took_place.id, title="Cups", state="done", position=1, assignee_id=cara.id
    )
    does = EventTask(
        event_id=coming.id, title="Chairs", state="doing", position=1, assignee_id=cara.id
    )
    took_place.has_volunteering = coming.has_volunteering = True
    db.session.add_all([shift, did, does])
    db.session.flush()
    db.session.add(ShiftClaim(shift_id=shift.id, user_id=cara.id))


def _checked_in(cara: Any, ben: Any, event: Any) -> None:
    """Check her in, and let her check in Ben as a host."""
    theirs = Rsvp(event_id=event.id, user_id=ben.id, state=GOING)
    db.session.add(theirs)
    db.session.flush()
    for row_id, by in (
        (
            db.session.scalar(
                sa.select(Rsvp.id).where(Rsvp.user_id == cara.id, Rsvp.state == GOING)
            ),
            ben,
        ),
        (theirs.id, cara),
    ):
        visit = Attendance(
            rsvp_id=row_id,
            event_id=event.id,
            arrived=1,
            inside=1,
            first_at=event.starts_at,
            last_at=event.starts_at,
        )
        db.session.add_all(
            [
                visit,
                CheckInEvent(event_id=event.id, rsvp_id=row_id, by_id=by.id, is_in=True, people=1),
            ]
        )


def _news(cara: Any, ben: Any, event: Any) -> None:
    """Let her write to attendees, invite, be invited, and move the event."""
    said = {"event_id": event.id, "by_id": cara.id, "subject": "S", "body": "B"}
    wrote, asked = (EventNotice(kind=kind, **said) for kind in ("message", "invited"))
    moved = EventNotice(
        event_id=event.id,
        kind="changed",
        by_id=cara.id,
        words={"before": change_notices.schedule_of(event) | {"venue": "Mill"}},
    )
    theirs = EventNotice(event_id=event.id, kind="members", by_id=ben.id)
    db.session.add_all([wrote, asked, moved, theirs])
    db.session.flush()
    made = EventInvitation(
        event_id=event.id,
        news_id=asked.id,
        by_id=cara.id,
        email="gil@example.org",
        address_hash="a",
    )
    got = EventInvitation(event_id=event.id, news_id=theirs.id, by_id=ben.id, user_id=cara.id)
    by_email = EventInvitation(
        event_id=event.id, news_id=theirs.id, by_id=ben.id, email=cara.email, address_hash="b"
    )
    db.session.add_all([made, got, by_email])


def _votes(cara: Any, ben: Any, group: Any) -> None:
    making.cast(making.vote(group, ben), cara, 2)
    asking.secret_vote(group, ben, title="Who speaks for us?", options=[cara.name, "Nobody"])
    mine = making.vote(group, cara, title="Cara asks")
    run_fan_outs()
    ids = {"vote_id": mine.id}
    db.session.add_all(
        [
            Invitee(**ids, user_id=cara.id, by_id=ben.id),
            Invitee(**ids, user_id=ben.id, by_id=cara.id),
            Statement(**ids, by_id=cara.id, body="We dig on Saturday"),
            FanOut(kind=NUDGE, subject_id=mine.id, by_id=cara.id),
            SecretRoll(**ids, user_id=cara.id, voted=True),
        ]
    )
    replies.add(VoteContainer(mine).begin(), cara, "Why do we dig?")


def _talk(cara: Any, ben: Any, group: Any) -> None:
    """Write a thread of hers, replies in another's, one of them removed, and a mention of her by
    Ben.
    """
    threads.start(group, cara, "Cara begins", "With these words")
    talk = threads.start(group, ben, "Ben begins", f"Hello @{cara.handle}")
    replies.edit(replies.add(talk, ben, f"@{cara.handle}?"), ben, 1, f"@{cara.handle} knows")
    drawn = post_pictures.store([images.encoded()])
    reactions.add(replies.add(talk, cara, "See", pictures=drawn), cara, "thanks")
    removals.remove(replies.add(talk, cara, "She shouts"), by=ben, reason="Too loud")


def _reports(cara: Any, ben: Any, group: Any) -> None:
    """Let her report and decide, be reported and decided about, and object."""
    mine, theirs = factories.event(cara, group), factories.event(ben, group)
    judged = {"state": "closed", "outcome": "warned", "closed_at": clock.now()}
    of_group = {"kind": "event", "group_id": group.id}
    hers = {**of_group, "thing_id": mine.id, "author_id": cara.id, "label": "Mine"}
    his = {**of_group, "thing_id": theirs.id, "author_id": ben.id, "label": "Theirs"}
    about = Case(**hers, snapshot="Mine", **judged, decided_by_id=ben.id)
    herself = {"kind": "person", "thing_id": cara.id, "author_id": cara.id, "label": cara.name}
    person = Case(**herself, open_as=f"person:{cara.id}")
    waits = Case(**his, open_as=f"event:{theirs.id}")
    closed = Case(**his, **judged)
    decided = Case(**his, **judged, decided_by_id=cara.id)
    db.session.add_all([about, person, waits, closed, decided])
    db.session.flush()
    by_email = Report(case_id=waits.id, reporter_kind="visitor", rule="spam")
    db.session.add(by_email)
    db.session.flush()
    db.session.add(ReportAddress(report_id=by_email.id, email=cara.email))
    reported = [
        Report(case_id=case.id, user_id=cara.id, reporter_kind="member", rule="spam", text="No")
        for case in (waits, closed)
    ]
    steps = [
        CaseStep(
            case_id=about.id, user_id=ben.id, action="warned", rule="spam", text="canary-told"
        ),
        CaseStep(case_id=about.id, user_id=cara.id, action="objection", text="But"),
        CaseStep(case_id=decided.id, user_id=cara.id, action="warned", rule="hate", text="No"),
    ]
    on_me = Report(
        case_id=about.id,
        user_id=ben.id,
        reporter_kind="member",
        rule="spam",
        text="canary-reported",
    )
    db.session.add_all([*reported, *steps, on_me])


def _traces(app: Any, cara: Any, ben: Any, ours: Any) -> None:
    sign_ins.create_for(cara, app.config, "A browser")
    emailed_links.current_or_new(cara, emailed_links.RESET)
    moves = emailed_links.current_or_new(cara, emailed_links.CHANGE, f"new-{cara.email}")
    outbox.enqueue_email("accounts/change_confirm", to=moves.email, locale="en", link=moves.id)
    db.session.add(Invitation(email=cara.email, expires_at=clock.now() + timedelta(days=50)))
    outbox.enqueue_email("accounts/already", to=cara.email, user=cara.id)
    for name in personal_data.OTHERS:
        outbox.enqueue_email("accounts/already", to=ben.email, user=ben.id, **{name: cara.id})
    entry = AuditEntry(
        action="test.done", actor_id=cara.id, subject_kind="group", subject_id=ours.id
    )
    tried = AuditEntry(action="sign_in.failed", subject_id=cara.id)
    third, fourth = factories.group(ben), factories.group(ben)
    db.session.add_all(
        [
            *(entry, AuditAddress(entry=entry, address="canary-address")),
            *(tried, AuditAddress(entry=tried, address="canary-tried")),
            JoinRequest(
                group_id=third.id,
                user_id=cara.id,
                message="Please",
                answers=[["Why?", "canary-answers"]],
            ),
            Ban(group_id=fourth.id, user_id=cara.id, reason="Noise"),
            Notification(
                user_id=cara.id,
                kind="test",
                label="A line",
                url="/",
                params={"name": "canary-words"},
            ),
            Preference(user_id=cara.id, kind="event.published", channel="off"),
            GroupLevel(user_id=cara.id, group_id=ours.id, level="nothing"),
            DigestEmail(user_id=cara.id, day=clock.now().date()),
            DataExport(user_id=cara.id, state="failed"),
            OwnershipOffer(
                group_id=ours.id,
                user_id=ben.id,
                by_id=cara.id,
                expires_at=clock.now() + timedelta(days=50),
                steps_down=True,
            ),
        ]
    )
    notify([ben], "request.arrived", "/", {"name": cara.name, "group": "Theirs"}, request=entry.id)
    audit.record("member.left", by=cara, subject=ours)


def erased(user: Any) -> None:
    """Let the 14 days pass, and run the clock's deletion."""
    user.deactivated_at, user.deletion_due_at = clock.now() - timedelta(days=14), clock.now()
    member_removal.step_out(user)
    db.session.commit()
    JOBS["privacy.erase"]()
    db.session.expire_all()
