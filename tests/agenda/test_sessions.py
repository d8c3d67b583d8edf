"""Sessions lie within their event, and no room or speaker has two at once."""

from datetime import timedelta

import pytest
from werkzeug.exceptions import NotFound

from tests import factories
from tests.agenda import FIRST, conference, moved, plan, room, session, sessions_of, speaker, track
from webapp.agenda import rooms, sessions, tracks
from webapp.agenda.models import AgendaSession
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError, UserErrors
from webapp.events import planning

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    return conference(ana)


def refused(verb, *args, **more):
    """Return the refusal of a rule as (field, message), after a rollback."""
    with pytest.raises(UserError) as broken:
        verb(*args, **more)
    db.session.rollback()
    found = getattr(broken.value, "refusals", [broken.value])
    return [(one.field, one.message) for one in found]


@pytest.mark.parametrize(
    ("at", "lasts", "field"),
    [
        (-1, 45, "starts"),
        (8 * 60, 5, "starts"),
        (7 * 60, 61, "ends"),
        (60, 0, "ends"),
        (60, -5, "ends"),
    ],
)
def test_a_session_outside_its_event_is_refused(event, ana, at, lasts, field):
    assert [
        where for where, _ in refused(sessions.add, event, plan(at=at, lasts=lasts), by=ana)
    ] == [field]
    assert not sessions_of(event)


def test_one_session_may_last_the_whole_event(event, ana):
    made = session(event, at=0, lasts=8 * 60)

    assert (made.starts_at, made.ends_at) == (event.starts_at, event.ends_at)


def test_a_room_holds_one_session_at_a_time_and_the_clash_is_named(event, ana):
    hall, small = room(event), room(event, "Small room")
    session(event, "Bread", at=30, lasts=60, room=hall)

    clash = refused(sessions.add, event, plan(at=0, lasts=31, room=hall), by=ana)
    assert clash == [("room", "“Bread” is in Hall at that time: 10:30–11:30.")]
    session(event, "Before", at=0, lasts=30, room=hall)
    session(event, "After", at=90, lasts=30, room=hall)
    session(event, "Beside", at=30, lasts=60, room=small)
    session(event, "Nowhere", at=30, lasts=60)


def test_a_speaker_has_one_session_at_a_time_and_every_clash_is_named(event, ana):
    hall, ife, jo = room(event), speaker(event), speaker(event, "Jo")
    session(event, "Bread", at=0, lasts=60, room=hall, speakers=[ife])
    session(event, "Soil", at=30, lasts=60, speakers=[jo])

    clashes = refused(
        sessions.add, event, plan(at=45, lasts=60, room=hall, speakers=[ife, jo]), by=ana
    )
    assert clashes == [
        ("room", "“Bread” is in Hall at that time: 10:00–11:00."),
        ("speakers", "Ifeoma Nwosu is speaking at “Bread” at that time: 10:00–11:00."),
        ("speakers", "Jo is speaking at “Soil” at that time: 10:30–11:30."),
    ]


def test_a_room_cannot_be_smaller_than_its_sessions(event, ana):
    small = room(event, "Small room", capacity=12)

    clash = refused(sessions.add, event, plan(room=small, capacity=13), by=ana)
    assert clash == [
        ("capacity", "Small room only seats 12. Enter fewer seats or choose another room.")
    ]
    session(event, "Bread", room=small, capacity=12)
    smaller = refused(rooms.change, event, small, by=ana, name="Small room", capacity=11)
    assert smaller == [
        (
            "capacity",
            "These sessions in the room have more seats: “Bread” (12 seats). Reduce their "
            "seats first.",
        )
    ]


def test_moving_a_session_keeps_its_length_and_checks_clashes(event, ana):
    hall, ife = room(event), speaker(event)
    session(event, "Bread", at=0, lasts=60, room=hall)
    mine = session(event, "Soil", at=60, lasts=45, speakers=[ife])

    assert (
        refused(sessions.move, event, mine, FIRST + timedelta(minutes=20), hall.id, by=ana)[0][0]
        == "room"
    )
    sessions.move(event, mine, FIRST + timedelta(minutes=90), hall.id, by=ana)
    db.session.commit()
    assert (mine.starts_wall, mine.ends_wall - mine.starts_wall) == (
        FIRST + timedelta(minutes=90),
        timedelta(minutes=45),
    )
    assert (mine.room, mine.speakers) == (hall, [ife])


def test_cancelled_sessions_cause_no_clash(event, ana):
    hall = room(event)
    sessions.cancel(event, session(event, "Bread", room=hall), by=ana, reason="No flour")
    db.session.commit()

    session(event, "Soil", room=hall)
    assert [one.is_cancelled for one in sessions_of(event)].count(True) == 1


def test_concurrent_session_edits_are_not_overwritten(event, ana):
    mine = session(event)
    sessions.change(event, mine, plan("Saving more seed"), by=ana, version=1)
    db.session.commit()

    with pytest.raises(Conflict):
        sessions.change(event, mine, plan("Saving less"), by=ana, version=1)


def test_rooms_tracks_and_speakers_of_another_event_are_not_found(event, ana):
    other = factories.event(ana)
    for more in ({"room": room(other)}, {"track": track(other)}, {"speakers": [speaker(other)]}):
        with pytest.raises(NotFound):
            sessions.add(event, plan(**more), by=ana)
        db.session.rollback()


def test_sessions_of_a_locked_event_cannot_change(event, ana):
    planning.lock(event, by=ana)
    db.session.commit()

    assert refused(sessions.add, event, plan(), by=ana)


def test_used_rooms_cannot_be_removed_and_positions_have_no_gap(event, ana):
    hall, small, yard = room(event), room(event, "Small room"), room(event, "Yard")
    session(event, "Bread", room=hall)

    assert "“Bread”" in refused(rooms.remove, event, hall, by=ana)[0][1]
    rooms.move_up(event, yard, by=ana)
    rooms.remove(event, small, by=ana)
    db.session.commit()
    assert [(one.name, one.position) for one in rooms.rooms_of(event)] == [("Hall", 1), ("Yard", 2)]
    rooms.move_up(event, small, by=ana)
    assert [(one.name, one.position) for one in rooms.rooms_of(event)] == [("Hall", 1), ("Yard", 2)]
    assert refused(rooms.add, event, by=ana, name="hall") == [
        ("name", "“hall” already exists. Choose another name.")
    ]


def test_sessions_of_a_removed_track_have_no_track(event, ana):
    seeds = track(event)
    mine = session(event, track=seeds)

    tracks.remove(event, seeds, by=ana)
    db.session.commit()
    db.session.refresh(mine)
    assert mine.track_id is None


def test_the_agenda_moves_with_its_event_by_wall_time(event, ana):
    session(event, at=60)
    month = timedelta(days=30)

    moved(
        event,
        ana,
        starts=event.starts_wall + month,
        ends=event.ends_wall + month,
        zone="Europe/Berlin",
    )
    db.session.commit()
    one = sessions_of(event)[0]
    assert one.starts_wall == FIRST + month + timedelta(hours=1)
    assert one.starts_at - event.starts_at == timedelta(hours=1)


def test_a_session_that_someone_else_changed_is_not_moved(event, ana):
    mine = session(event)
    sessions.change(event, mine, plan("Saving more seed"), by=ana, version=1)
    db.session.commit()
    with pytest.raises(Conflict):
        sessions.move(event, mine, FIRST + timedelta(hours=1), None, by=ana, version=1)


def test_an_event_cannot_be_shorter_than_its_agenda(event, ana):
    session(event, "Bread", at=0)
    session(event, "Soil", at=7 * 60)

    later = refused(moved, event, ana, starts=event.starts_wall + timedelta(hours=1))
    assert later[0][0] == "starts"
    assert "“Bread”" in later[0][1]
    shorter = refused(moved, event, ana, ends=event.ends_wall - timedelta(hours=2))
    assert shorter[0][0] == "ends"
    assert "“Soil”" in shorter[0][1]
    moved(event, ana, ends=event.ends_wall + timedelta(hours=2))
    sessions.cancel(event, sessions_of(event)[1], by=ana)
    moved(event, ana, ends=event.ends_wall - timedelta(hours=3))


def test_a_copied_event_has_a_copy_of_its_agenda_for_hosts_only(event, ana):
    hall, seeds, ife = room(event), track(event), speaker(event, links=["https://example.org"])
    session(event, "Bread", at=60, room=hall, track=seeds, speakers=[ife], capacity=3)
    sessions.cancel(event, session(event, "Soil", at=120), by=ana)

    copy = planning.duplicate(event, by=ana)
    db.session.commit()
    one = sessions_of(copy)[0]
    assert db.session.query(AgendaSession).filter_by(event_id=copy.id).count() == 1
    assert (one.title, one.capacity, one.seats_taken, one.starts_wall) == (
        "Bread",
        3,
        0,
        FIRST + timedelta(days=7, hours=1),
    )
    assert (one.room.name, one.track.color, one.speakers[0].name) == (
        "Hall",
        "clay",
        "Ifeoma Nwosu",
    )
    assert {one.room.event_id, one.track.event_id, one.speakers[0].event_id} == {copy.id}
    assert copy.agenda_published_at is None


def test_an_agenda_can_be_published_only_with_sessions(ana):
    event = conference(ana, agenda_published_at=None)

    assert refused(sessions.show, event, by=ana) == [
        (None, "There are no sessions yet. Add one first.")
    ]
    session(event)
    sessions.show(event, by=ana)
    assert event.agenda_published_at is not None


def test_several_errors_report_the_first_where_only_one_is_shown():
    several = UserErrors([UserError("One.", "a"), UserError("Two.", "b")])

    assert (several.message, several.field) == ("One.", "a")
