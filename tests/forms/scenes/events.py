"""Events in each state that changes which answers are possible, and for whom."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from tests import factories, images
from tests.attendance.checking_in import guest, path as guest_path
from tests.events import question, ticket
from webapp.agenda.models import AgendaSession, Booking
from webapp.attendance import rsvps, ticket_codes
from webapp.attendance.registration import form as what_is_asked
from webapp.attendance.registration.answers import RegistrationAnswers
from webapp.conversation import replies
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.event_files import uploads
from webapp.event_files.models import EventFile
from webapp.events import pictures
from webapp.events.comments import EventContainer
from webapp.events.models import (
    GOING,
    LONG,
    OFFER,
    OFFERED,
    ON_SITE,
    WAITING,
    Event,
    HostInvitation,
    Rsvp,
)
from webapp.groups import groups
from webapp.groups.models import Category
from webapp.people import profiles
from webapp.volunteering.models import EventShift, EventTask, ShiftClaim

from . import Look, SampleRows, send_to

HOUR = timedelta(hours=1)
#: An hour that occurs twice in Lisbon.
DOUBLED = "2031-10-26T01"


def answers(c: SampleRows) -> list[Look]:
    """No questions, tickets, questions of every kind, and both; with plus-ones and without."""
    plain = factories.event(c.owner, max_plus_ones=2)
    alone = factories.event(c.owner, c.group)
    tickets = factories.event(c.owner, c.group, max_plus_ones=2)
    ticket(tickets, "Full", price=ON_SITE, amount=1200, currency="EUR")
    ticket(tickets, "Reduced", capacity=0)
    asks = factories.event(c.owner, c.group)
    _ask(asks)
    both = factories.event(c.owner, c.group, max_plus_ones=1)
    ticket(both, "Full")
    ticket(both, "Reduced", capacity=5)
    _ask(both)
    looks = []
    for event in (plain, alone, tickets, asks, both):
        looks += [Look("stranger", event.path), Look("visitor", f"{event.path}/guest")]
        looks += [Look("owner", f"{event.path}/manage/answers"), Look("owner", event.path)]
        looks.append(Look("visitor", guest_path(guest(event, **_given(event)))))
        rsvps.answer(event, by=c.member, **_given(event))
        looks += [Look("member", event.path)]
    db.session.commit()
    looks.append(Look("owner", f"{both.path}/manage/tickets"))
    looks.append(Look("owner", f"{both.path}/manage/questions"))
    return looks


def approvals(c: SampleRows) -> list[Look]:
    """An event with approval: some requests are waiting, one was declined."""
    event = factories.event(c.owner, c.group, requires_approval=True, max_plus_ones=2, capacity=3)
    for who in (c.member, c.moderator):
        rsvps.answer(event, by=who, party=2)
    db.session.commit()
    asks = guest(event)
    looks = [
        Look("stranger", event.path),
        Look("member", event.path),
        Look("visitor", guest_path(asks)),
    ]
    manage = f"{event.path}/manage"
    over = factories.event(c.owner, c.group, requires_approval=True)
    rsvps.answer(over, by=c.member)
    over.starts_at, over.ends_at = clock.now() - 5 * HOUR, clock.now() - 3 * HOUR
    db.session.commit()
    looks.append(Look("owner", f"{over.path}/manage/approvals"))
    return [
        *looks,
        Look("owner", f"{manage}/approvals"),
        Look("owner", f"{manage}/answers"),
        Look("owner", manage),
    ]


def full(c: SampleRows) -> list[Look]:
    """A full event: someone is going, someone is on the waiting list, someone hasn't answered."""
    looks = []
    for promotion in ("automatic", OFFER):
        event = factories.event(c.owner, c.group, capacity=1, max_plus_ones=1, promotion=promotion)
        rsvps.answer(event, by=c.owner)
        rsvps.answer(event, by=c.member)
        db.session.commit()
        waits = guest(event)
        looks += [Look(role, event.path) for role in ("owner", "member", "stranger")]
        looks += [Look("visitor", guest_path(waits)), Look("visitor", f"{event.path}/guest")]
    parted = factories.event(c.owner, c.group, capacity=4, max_plus_ones=3)
    rsvps.answer(parted, by=c.owner, party=2)
    rsvps.answer(parted, by=c.member, party=3, split=True)
    db.session.commit()
    return [*looks, Look("member", parted.path), Look("owner", f"{parted.path}/manage/answers")]


def offers(c: SampleRows) -> list[Look]:
    """Seats offered to a member and to a guest."""
    event = factories.event(c.owner, c.group, capacity=4, max_plus_ones=1, promotion=OFFER)
    held = guest(event)
    row = rsvps.of(event, held)
    until = clock.now() + 5 * HOUR
    row.state, row.position, row.offered_until = OFFERED, 1, until
    offer = {"state": OFFERED, "party": 2, "position": 2, "offered_until": until}
    db.session.add(Rsvp(event_id=event.id, user_id=c.member.id, **offer))
    event.seats_taken, event.last_position = 3, 2
    db.session.commit()
    return [Look("member", event.path), Look("member", "/"), Look("visitor", guest_path(held))]


def closed(c: SampleRows) -> list[Look]:
    """An event past its deadline, cancelled, locked, hidden, a draft, and ended, as everyone sees
    it.
    """
    now = clock.now()
    states = [
        {"rsvp_deadline": now - HOUR},
        {"state": "cancelled"},
        {"state": "cancelled", "locked_at": now},
        {"locked_at": now},
        {"hidden_at": now},
        {"starts_at": now - HOUR, "ends_at": now + HOUR},
        {"starts_at": now - 30 * HOUR, "ends_at": now - 26 * HOUR},
    ]
    looks = []
    for values in states:
        event = factories.event(c.owner, c.group, max_plus_ones=1)
        known = guest(event)
        rsvps.answer(event, by=c.member)
        db.session.flush()
        for name, value in values.items():
            setattr(event, name, value)
        db.session.commit()
        looks += [Look(role, event.path) for role in ("owner", "member", "stranger", "moderator")]
        looks += [Look("visitor", guest_path(known)), Look("visitor", f"{event.path}/guest")]
        looks.append(Look("owner", f"{event.path}/manage"))
        if event.is_cancelled or event.locked_at:
            looks += [Look("owner", f"{event.path}/{page}") for page in ("cancellation", "edit")]
    draft = factories.event(c.owner, c.group, state="draft")
    return [*looks, *(Look("owner", f"{draft.path}{end}") for end in ("", "/manage", "/removal"))]


def said_about_events(c: SampleRows) -> list[Look]:
    """Locked comments, one of them hidden."""
    event = factories.event(c.owner, c.group)
    thread = EventContainer(event).begin()
    reply = replies.add(thread, c.member, "Off the point")
    reply.hidden_at = thread.locked_at = clock.now()
    db.session.commit()
    return [Look("owner", f"{event.path}/comments"), Look("member", f"{event.path}/comments")]


def feedback(c: SampleRows) -> list[Look]:
    """Feedback after the event, with a name or without."""
    looks = []
    now = clock.now()
    for kind in ("named", "anonymous"):
        event = factories.event(c.owner, c.group, feedback=kind)
        came = guest(event)
        rsvps.answer(event, by=c.member)
        event.starts_at, event.ends_at = now - 5 * HOUR, now - 3 * HOUR
        db.session.commit()
        looks += [
            Look("member", f"{event.path}/feedback"),
            Look("visitor", f"{guest_path(came)}/feedback"),
        ]
    return looks


def check_in_changed(c: SampleRows) -> list[Look]:
    """Check-in during the event with parties of three, one of which has partly arrived."""
    event = factories.event(c.owner, c.group, max_plus_ones=3)
    for who, party in ((c.member, 3), (c.moderator, 1), (c.stranger, 2)):
        rsvps.answer(event, by=who, party=party)
    event.starts_at, event.ends_at = clock.now() - HOUR, clock.now() + HOUR
    db.session.commit()
    check_in = f"{event.path}/manage/check-in"
    code = ticket_codes.code_of(rsvps.of(event, c.stranger).id)

    def arrives(tab):
        tab.submit("check-in", code=code)
        tab.submit("/arrival", people="1")

    looks = [
        Look("owner", check_in, known={"code": code}),
        Look("owner", check_in, arrives, {"code": code}),
    ]
    return [*looks, Look("owner", f"{check_in}/list")]


def agenda(c: SampleRows) -> list[Look]:
    """Sessions with free seats, full ones and ones with an offered seat, for people who are
    going.
    """
    event = factories.event(
        c.owner, c.group, max_plus_ones=2, agenda_published_at=clock.now(), promotion=OFFER
    )
    sessions = [_session(event, number, capacity) for number, capacity in enumerate((None, 5, 1))]
    came = guest(event)
    rsvps.answer(event, by=c.member, party=2)
    rsvps.answer(event, by=c.moderator)
    rsvps.answer(event, by=c.stranger)
    db.session.flush()
    free, roomy, small = sessions
    _book(small, GOING, user_id=c.stranger.id)
    _book(small, WAITING, position=1, user_id=c.moderator.id)
    _book(roomy, OFFERED, position=1, user_id=c.member.id)
    _book(roomy, OFFERED, position=2, guest_id=came.id)
    _book(free, GOING, user_id=c.stranger.id)
    _book(free, GOING, guest_id=came.id)
    db.session.commit()
    looks = [
        Look(role, one.path)
        for role in ("member", "moderator", "stranger", "owner")
        for one in sessions
    ]
    looks += [Look("visitor", f"{guest_path(came)}/agenda/{one.id}") for one in sessions]
    manage = f"{event.path}/manage/agenda"
    looks += [
        Look("owner", manage),
        Look("owner", f"{manage}/{small.id}"),
        Look("owner", f"{manage}/{small.id}/move"),
    ]
    hidden = factories.event(c.owner, c.group)
    _session(hidden, 0, None)
    db.session.commit()
    return [*looks, Look("owner", f"{hidden.path}/manage/agenda")]


def helping(c: SampleRows) -> list[Look]:
    """A free task and a free shift, and taken ones."""
    event = factories.event(c.owner, c.group, has_volunteering=True)
    tasks = [
        EventTask(event_id=event.id, title=f"Task {number}", position=number)
        for number in (1, 2, 3)
    ]
    tasks[1].assignee_id, tasks[1].state = c.member.id, "doing"
    hours = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    shifts = [
        EventShift(event_id=event.id, title=f"Shift {number}", capacity=2, **hours)
        for number in (1, 2)
    ]
    db.session.add_all([*tasks, *shifts])
    db.session.flush()
    shifts[1].taken = 1
    db.session.add(ShiftClaim(shift_id=shifts[1].id, user_id=c.member.id))
    for who in (c.member, c.moderator):
        rsvps.answer(event, by=who)
    db.session.commit()
    here, manage = f"{event.path}/help", f"{event.path}/manage"
    looks = [Look(role, here) for role in ("member", "moderator")]
    looks += [
        Look(role, f"{here}/tasks/{one.id}") for role in ("member", "owner") for one in tasks[:2]
    ]
    return [
        *looks,
        Look("owner", f"{manage}/tasks"),
        Look("owner", f"{manage}/shifts/{shifts[1].id}"),
    ]


def hosts(c: SampleRows) -> list[Look]:
    """Someone invited to host the event; pictures that can be removed."""
    event = factories.event(c.owner, c.group, file_uploaders="people", file_viewers="all")
    picture = images.encoded(images.drawing((60, 40)), "PNG")
    pictures.put(event, c.owner, picture)
    groups.put_picture(c.group, c.owner, picture)
    profiles.picture(c.member, picture)
    rsvps.answer(event, by=c.member)
    db.session.commit()
    manage = f"{event.path}/manage"

    def asks(tab):
        tab.submit(f"{manage}/hosts", handle=c.member.handle)

    def sends(tab):
        shown = {"tabs": ["going"], "subject": "Bring a cup", "body": "And a plate."}
        tab.submit("/messages/new", **shown)

    until = clock.now() + 48 * HOUR
    asked = HostInvitation(
        event_id=event.id, user_id=c.stranger.id, by_id=c.owner.id, expires_at=until
    )
    db.session.add(asked)
    db.session.commit()
    looks = [Look("owner", f"{manage}/hosts", asks), Look("owner", f"{event.path}/edit")]
    looks += [Look("stranger", f"{event.path}/hosting"), Look("stranger", "/")]
    looks += [Look("owner", f"{c.group.path}/edit"), Look("member", "/account/profile")]
    looks += [
        Look("owner", f"{manage}/messages/new", sends),
        Look("member", f"{event.path}/files/new"),
    ]
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + 240 * HOUR
    whole = {"is_all_day": True, "starts_at": midnight, "ends_at": midnight + 48 * HOUR}
    days = factories.event(c.owner, c.group, zone="UTC", **whole)
    return [*looks, Look("owner", f"{days.path}/edit"), Look("stranger", f"{event.path}/message")]


def with_a_picture(c: SampleRows) -> list[Look]:
    """Editing a picture's caption."""
    event = factories.event(c.owner, c.group)
    picture = uploads.take(images.encoded(images.drawing((60, 40)), "PNG"), "gate.png")
    room = uploads.UploadAllowance(1_000_000, 1_000_000)
    uploads.add(event, c.owner, [picture], room)
    db.session.commit()
    file = db.session.query(EventFile).filter_by(event_id=event.id).one()
    return [Look("owner", f"{event.path}/files/{file.id}/{page}") for page in ("edit", "removal")]


def in_the_doubled_hour(c: SampleRows) -> list[Look]:
    """A doubled hour when clocks go back: the form asks which of the two is meant."""
    night = {"zone": "Europe/Lisbon", "starts": f"{DOUBLED}:30", "ends": "2031-10-26T05:00"}
    starts_at = datetime(2031, 10, 25, 20, tzinfo=UTC)
    over_it = {"starts_at": starts_at, "ends_at": starts_at + 10 * HOUR, "zone": "Europe/Lisbon"}
    event = factories.event(c.owner, c.group, agenda_published_at=clock.now(), **over_it)
    planning = f"{event.path}/manage/agenda"

    def plans(tab):
        tab.submit("/events", title="Owls", **night)

    def plans_a_session(tab):
        tab.submit("/manage/agenda", title="Owls", **{**night, "ends": "2031-10-26T02:30"})

    return [
        Look("owner", "/events/new", plans),
        Look("owner", f"{planning}/new", plans_a_session),
    ]


def without_topics(c: SampleRows) -> list[Look]:
    """A site without topics for events and groups."""
    db.session.execute(sa.update(Event).values(category_id=None))
    db.session.execute(sa.delete(Category))
    db.session.commit()
    return [
        Look("owner", f"/events/new?group={c.group.slug}"),
        Look("member", "/groups/new"),
        Look("member", "/account/profile"),
    ]


def choosing_members(c: SampleRows) -> list[Look]:
    """Inviting members: a search without results, and nobody left to invite."""
    some = factories.event(c.owner, c.group)
    alone = factories.event(c.owner, factories.group(c.owner))
    rsvps.answer(alone, by=c.owner)
    db.session.commit()
    page = "manage/invitations/members/new"

    def looks(tab):
        send_to(tab, f"{some.path}/{page}", "/chosen", words="zzz")

    return [Look("owner", f"{some.path}/{page}", looks), Look("owner", f"{alone.path}/{page}")]


def _ask(event):
    question(event, "What do you not eat?", kind=LONG)
    question(event, "Why do you come?", is_required=True)
    question(event, "I bring a cup", kind="checkbox", is_required=True)
    question(event, "Which boat?", is_required=True, Heron=0, Otter=3, Crane=None)


def _given(event):
    """Return answers to all of the event's questions."""
    asked = what_is_asked.registration_form(event)
    said = {one.id: "Yes" for one in asked.questions}
    said |= {id: str(options[-1].id) for id, options in asked.choices.items()}
    return {
        "details": RegistrationAnswers(
            asked.tickets[0].id if asked.tickets else None, said, asked.digest
        )
    }


def _session(event, number, capacity):
    starts, lasts = event.starts_at + number * HOUR / 2, HOUR / 2
    walls = {"starts_wall": event.starts_wall + number * HOUR / 2}
    walls["ends_wall"] = walls["starts_wall"] + lasts
    made = AgendaSession(
        event_id=event.id,
        title=f"Session {number}",
        starts_at=starts,
        ends_at=starts + lasts,
        capacity=capacity,
        **walls,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _book(session, state, position=None, **who):
    until = clock.now() + 5 * HOUR if state == OFFERED else None
    db.session.add(
        Booking(session_id=session.id, state=state, position=position, offered_until=until, **who)
    )
    session.seats_taken += state in (GOING, OFFERED)
    session.waiting_count += state == WAITING
    session.last_position = max(session.last_position, position or 0)
    db.session.flush()


SCENES = [
    answers,
    approvals,
    full,
    offers,
    closed,
    said_about_events,
    feedback,
    check_in_changed,
    agenda,
    helping,
    hosts,
    with_a_picture,
    in_the_doubled_hour,
    without_topics,
    choosing_members,
]
