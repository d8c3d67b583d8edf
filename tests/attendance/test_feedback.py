"""Feedback: who may give it, when, what hosts see, and what stays anonymous."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.attendance import checking_in
from tests.events.change_notices import tell_everyone
from tests.events.plans import plan
from tests.events.racing import at_once
from webapp.attendance import check_in, event_reminders, feedback, guest_links, guests, rsvps
from webapp.attendance.models import Feedback
from webapp.attendance.reads import feedback as reads
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.jobs.queue import JOBS
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.models import ANONYMOUS, NAMED, NONE, EventNotice, Rsvp
from webapp.notifications.models import Notification


def over(host, hours=3, **values):
    """Create an event that ended this many hours ago."""
    ended = clock.now() - timedelta(hours=hours)
    return factories.event(host, starts_at=ended - timedelta(hours=2), ends_at=ended, **values)


def came(event, who, checked_in=False, **values):
    """Create someone's answer; commit."""
    row = Rsvp(event_id=event.id, user_id=who.id, **{"state": "going", **values})
    db.session.add(row)
    db.session.flush()
    if checked_in:
        check_in.arrive(event, row.id, by=event.owner)
    db.session.commit()
    return row


def say(event, who, stars=4, comment=""):
    said = feedback.submit(event, who, stars, comment, event.feedback)
    db.session.commit()
    return said


def refusal(event, who):
    return feedback.refusal_of(event, who, rsvps.of(event, who))


def test_only_attendees_give_feedback(ana, ben, cem, dia):
    event = over(ana)
    came(event, ben), came(event, ana), came(event, cem, state="maybe")
    assert refusal(event, ben) is None
    assert "You’re a host of this event" in refusal(event, ana)
    assert "Only people who were there" in refusal(event, cem)
    came(event, dia, checked_in=True)
    assert refusal(event, dia) is None
    assert "Only people who were there" in refusal(event, ben)
    assert [row.user_id for row in db.session.scalars(feedback.attended(event))] == [dia.id]
    with pytest.raises(UserError, match="Only people who were there"):
        say(event, ben)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"hours": -1}, "once the event has ended"),
        ({"hours": 15 * 24}, "Feedback was open until"),
        ({"feedback": NONE}, "aren’t asking"),
        ({"state": "cancelled"}, "didn’t take place"),
    ],
)
def test_feedback_is_accepted_only_for_a_limited_time(ana, ben, values, words):
    event = over(ana, **values)
    came(event, ben)
    with pytest.raises(UserError, match=words):
        say(event, ben)


@pytest.mark.parametrize("way", [NAMED, ANONYMOUS])
def test_feedback_is_given_once_and_can_be_changed(ana, ben, way):
    event = over(ana, feedback=way)
    came(event, ben)
    say(event, ben, 2, "Cold")
    say(event, ben, 5, "I got warm")
    row = db.session.scalars(sa.select(Feedback)).one()
    assert (row.stars, row.comment) == (5, "I got warm")
    assert (row.user_id == ben.id) is (way == NAMED)


def test_anonymous_feedback_tags_depend_on_the_secret_key(app, ana, ben, monkeypatch):
    event, other = over(ana), over(ana)
    tag = feedback.tag_of(event.id, ben)
    assert tag not in {
        feedback.tag_of(other.id, ben),
        feedback.tag_of(event.id, ana),
        str(ben.id),
        ben.id.hex,
    }
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key than before, and as long as that")
    assert feedback.tag_of(event.id, ben) != tag


def test_parallel_feedback_forms_make_one_entry(app, ana, ben):
    event = over(ana)
    came(event, ben)
    event_id, ben_id = event.id, ben.id

    def act():
        feedback.submit(
            db.session.get(type(event), event_id), db.session.get(type(ben), ben_id), 3, "", NAMED
        )

    assert at_once(app, act, act, act) == [True] * 3
    assert len(db.session.scalars(sa.select(Feedback)).all()) == 1


def test_the_promised_anonymity_of_feedback_cannot_change(ana, ben):
    event = over(ana, feedback=ANONYMOUS)
    came(event, ben)
    with pytest.raises(Conflict, match="whether they see your name"):
        feedback.submit(event, ben, 3, "", NAMED)
    feedback.refuse_other_way(event, NAMED)
    say(event, ben)
    with pytest.raises(UserError, match="can’t change this setting"):
        planning.update(
            event, plan(title=event.title, feedback=NAMED), by=ana, version=event.version
        )
    db.session.rollback()


def test_hosts_cannot_change_the_end_to_reveal_a_single_anonymous_comment(ana, ben):
    event = over(ana, feedback=ANONYMOUS)
    people_say(event, 3, 4, 5)
    assert bundled(event)[0] == 3
    came(event, ben)
    say(event, ben, 1, "Never again")
    moved = {
        "title": event.title,
        "feedback": ANONYMOUS,
        "zone": event.zone,
        "starts": event.starts_wall,
    }
    earlier = event.starts_wall - timedelta(days=20)
    sooner = plan(**moved | {"starts": earlier, "ends": earlier + timedelta(hours=2)})
    with pytest.raises(UserError, match="can’t change when the event ends"):
        planning.update(event, sooner, by=ana, version=event.version)
    db.session.rollback()
    assert bundled(event)[0] == 3
    planning.update(
        event,
        plan(**moved, ends=event.ends_wall, summary="With soup"),
        by=ana,
        version=event.version,
    )
    assert event.summary == "With soup"


def people_say(event, *stars):
    """Create feedback of this many attendees, each with this many stars."""
    made = []
    for number in stars:
        made.append(factories.user())
        came(event, made[-1])
        say(event, made[-1], number, f"words {number}")
    return made


def bundled(event):
    feedback.notify_hosts(event)
    db.session.commit()
    db.session.expire_all()
    return reads.results_of(event).number, [one.comment for one in reads.comments_of(event).items]


def notified(who):
    query = sa.select(Notification).where(
        Notification.user_id == who.id, Notification.kind == "event.feedback"
    )
    return [
        line.params["number"]
        for line in db.session.scalars(query.order_by(Notification.created_at))
    ]


def test_hosts_see_names_and_are_notified_once_a_day(ana, ben):
    event = over(ana)
    people_say(event, 4, 5)
    results, said = reads.results_of(event), reads.comments_of(event).items
    assert (results.number, results.average, [one.number for one in results.bars]) == (
        2,
        "4.5",
        [1, 1, 0, 0, 0],
    )
    assert all(one.name for one in said)
    JOBS["events.tell_feedback"]()
    JOBS["events.tell_feedback"]()
    assert notified(ana) == [2]


def test_anonymous_feedback_is_shown_in_batches_without_order(ana):
    event = over(ana, feedback=ANONYMOUS)
    first = people_say(event, 1, 2)
    assert bundled(event) == (0, [])
    assert notified(ana) == []
    people_say(event, 5)
    assert bundled(event) == (3, ["words 5", "words 2", "words 1"])
    say(event, first[0], 3, "another word")
    assert bundled(event)[1] == ["words 5", "words 2", "words 1"]
    people_say(event, 4)
    assert bundled(event)[0] == 3
    say(event, first[1], 2, "changed too")
    assert bundled(event) == (4, ["words 5", "words 4", "another word", "changed too"])
    assert notified(ana) == [3, 1]
    rows = db.session.scalars(sa.select(Feedback)).all()
    assert {row.id.version for row in rows} == {4}
    assert all((row.user_id, row.guest_id) == (None, None) for row in rows)
    assert not {"created_at", "changed_at"} & set(Feedback.__table__.columns.keys())


def test_closed_anonymous_feedback_has_no_link_to_anyone(ana, ben):
    event, few = over(ana, feedback=ANONYMOUS), over(ana, feedback=ANONYMOUS)
    said = people_say(event, 1, 2, 3, 4)
    people_say(few, 1, 2)
    before = set(db.session.scalars(sa.select(Feedback.id).where(Feedback.event_id == event.id)))
    with time_machine.travel(clock.now() + timedelta(days=15)):
        JOBS["events.tell_feedback"]()
        rows = db.session.scalars(sa.select(Feedback)).all()
        assert {row.event_id for row in rows} == {event.id}
        assert len(rows) == 4
        assert {row.tag for row in rows} == {None}
        assert not before & {row.id for row in rows}
        assert [one.stars for one in reads.comments_of(event).items] == [4, 3, 2, 1]
        assert not db.session.scalars(sa.select(Feedback).where(feedback.is_of(said[0]))).all()
        JOBS["events.tell_feedback"]()
        assert len(db.session.scalars(sa.select(Feedback)).all()) == 4


def test_attendees_are_asked_for_feedback_once(ana, ben, cem, emailed, emails):
    emailed("event.over")
    event = over(ana, hours=1, group=factories.group(ana, ben, cem))
    came(event, ben, checked_in=True), came(event, cem)
    assert event_reminders.due_feedback_requests(clock.now()) == []
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        (due,) = event_reminders.due_feedback_requests(clock.now())
        assert due.event_id == event.id
        assert event_reminders.send(due)
        db.session.commit()
        assert event_reminders.due_feedback_requests(clock.now()) == []
        assert not event_reminders.send(due)
        tell_everyone()
        db.session.commit()
        (email,) = emails()
    assert email["To"] == ben.email
    assert f"{event.path}/feedback" in email.get_body(("plain",)).get_content()
    assert db.session.scalars(
        sa.select(EventNotice.kind).where(EventNotice.event_id == event.id)
    ).all() == ["feedback"]


def test_guests_give_feedback_by_link_and_it_moves_to_their_account(ana, visitor):
    event = over(ana, hours=-4, feedback=ANONYMOUS)
    gil = checking_in.guest(event)
    event.starts_at, event.ends_at = (clock.now() - timedelta(hours=hours) for hours in (3, 1))
    db.session.commit()
    at = f"{guest_links.path(gil)}/feedback"
    assert "How was it?" in visitor.get(at).text
    assert (
        visitor.post(at, {"stars": 4, "comment": "Good soup", "way": ANONYMOUS}).status_code == 303
    )
    assert "Good soup" in visitor.get(at).text
    account = factories.user("Gil", email=gil.email)
    guests.take_over(account)
    db.session.commit()
    assert feedback.of(event, account).comment == "Good soup"


def test_feedback_pages_explain_who_sees_it(browser, ana, ben, cem):
    event = over(ana, feedback=ANONYMOUS)
    came(event, ben)
    page = browser(ben)
    assert f"{event.path}/feedback" in page.get(event.path).text
    assert "Hosts won’t see who wrote this" in page.get(f"{event.path}/feedback").text
    assert page.post(f"{event.path}/feedback", {"stars": "", "way": ANONYMOUS}).status_code == 422
    assert page.post(f"{event.path}/feedback", {"stars": 3, "way": NAMED}).status_code == 409
    assert "Only people who were there" in browser(cem).get(f"{event.path}/feedback").text
    people_say(event, 4, 4, 5)
    hosts = browser(ana)
    assert "Nothing to show yet" in hosts.get(f"{event.path}/manage/feedback").text
    feedback.notify_hosts(event)
    db.session.commit()
    shown = hosts.get(f"{event.path}/manage/feedback").text
    assert "4.3 out of 5 · 3 ratings" in shown
    assert "<rect" in shown
    assert ben.name not in shown.split("<main")[1]


def test_the_hosts_feedback_page_takes_the_same_statements_for_many(browser, ana, statements_of):
    event = over(ana)
    people_say(event, 4)
    page = browser(ana)
    few = statements_of(lambda: page.get(f"{event.path}/manage/feedback"))
    people_say(event, 1, 2, 3, 4, 5)
    assert statements_of(lambda: page.get(f"{event.path}/manage/feedback")) == few
