"""Delivery through a real SMTP server, whatever it answers."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.mail import dead_letters, leases
from webapp.mail.jobs import delivery
from webapp.mail.models import DEAD, DROPPED, QUEUED, SENDING, SENT, OutgoingEmail


def test_a_welcome_email_is_sent_once(post_office, posted, work, pass_time):
    email = posted()
    work()
    pass_time(60)

    assert email.state == SENT
    assert email.ended_at is not None
    assert (email.lease, email.leased_until, email.last_error) == (None, None, "")
    assert [message["Message-ID"] for message in post_office.emails] == [
        f"<{email.message_id}@127.0.0.1>"
    ]


def test_each_sent_email_has_one_log_line(post_office, posted, work):
    sent = [posted(), posted("cem@example.org")]
    with capture_logs() as lines:
        work()

    notified = [line for line in lines if line["log_level"] == "info" and "email" in line]
    assert [(line["event"], line["email"]) for line in notified] == [
        ("email_sent", str(one.id)) for one in sent
    ]
    assert "@" not in str(notified)


def test_a_temporarily_refused_email_is_sent_later(post_office, posted, work, pass_time):
    post_office.rcpt_answers.extend(["451 later", "451 later"])
    email = posted()
    work()
    assert (email.state, email.attempts, email.last_error) == (
        QUEUED,
        1,
        "SMTPRecipientsRefused 451",
    )
    wait = email.due_at - database_clock.now()
    assert 50 < wait.total_seconds() <= 60

    pass_time(0.5)
    assert email.attempts == 1, "not before it is due"
    pass_time(1)
    assert (email.state, email.attempts) == (QUEUED, 2)
    pass_time(5)
    assert (email.state, email.attempts) == (SENT, 3)
    assert len(post_office.emails) == 1


def test_a_refused_recipient_fails_only_its_own_email(post_office, posted, work, pass_time):
    post_office.rcpt_answers.append("550 nobody here")
    email, other = posted("nobody@example.org"), posted()
    work()
    pass_time(60)

    assert (email.state, email.attempts, email.last_error) == (
        DEAD,
        1,
        "SMTPRecipientsRefused 550",
    )
    assert other.state == SENT
    assert [message["To"] for message in post_office.emails] == ["ana@example.org"]


def test_a_refused_email_is_not_retried(post_office, posted, work):
    post_office.data_answers.append("554 not such a mail")
    email = posted()
    work()

    assert (email.state, email.last_error) == (DEAD, "SMTPDataError 554")


def test_a_silent_server_delays_other_emails_only_briefly(
    app, post_office, posted, work, pass_time, monkeypatch
):
    monkeypatch.setitem(app.config, "MAIL_TIMEOUT", 0.3)
    post_office.data_answers.append("silence")
    email, other = posted(), posted("ben@example.org")
    work()
    assert (email.state, email.last_error) == (QUEUED, "SMTPServerDisconnected")
    assert other.state == SENT

    post_office.speak()
    pass_time(1)
    assert email.state == SENT


def test_an_unreachable_server_is_tried_ten_times(
    app, post_office, posted, work, pass_time, monkeypatch
):
    monkeypatch.setattr(app.extensions["mail"], "port", 1)
    email = posted()
    work()
    for minutes in leases.BACK_OFF:
        assert email.state == QUEUED
        pass_time(minutes)

    assert (email.state, email.attempts, email.last_error) == (
        DEAD,
        10,
        "ConnectionRefusedError",
    )


def test_a_lost_acknowledgement_sends_the_email_twice_with_the_same_id(
    post_office, posted, work, pass_time
):
    post_office.data_answers.append("lost")
    email = posted()
    work()
    assert email.state == QUEUED
    pass_time(1)

    assert email.state == SENT
    assert len(post_office.emails) == 2
    assert len({message["Message-ID"] for message in post_office.emails}) == 1


def deliver_twice_at_once(app, email):
    barrier = threading.Barrier(2)
    email_id = str(email.id)
    db.session.commit()

    def deliver():
        with app.app_context():
            barrier.wait()
            delivery.deliver(email_id)

    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_send_an_email_once(app, post_office, posted):
    email = posted()
    deliver_twice_at_once(app, email)

    assert len(post_office.emails) == 1
    db.session.refresh(email)
    assert (email.state, email.attempts) == (SENT, 1)


def test_control_without_the_lease_both_send_it(app, post_office, posted, monkeypatch):
    monkeypatch.setattr(leases, "is_waiting", lambda now: sa.true())
    deliver_twice_at_once(app, posted())

    assert len(post_office.emails) == 2


def test_the_email_of_a_dead_worker_is_sent_when_its_lease_expires(
    app, post_office, posted, pass_time, work
):
    email = posted()
    leases.take(email.id, seconds=120)
    db.session.commit()
    work()
    assert (email.state, post_office.emails) == (SENDING, [])

    pass_time(2)
    assert (email.state, email.attempts, len(post_office.emails)) == (SENT, 2, 1)


def test_a_worker_whose_lease_expired_changes_nothing(posted):
    email = posted()
    late = leases.take(email.id, seconds=-1)
    held = leases.take(email.id, seconds=60)

    assert not leases.mark_dead(late, "TimeoutError")
    assert leases.mark_sent(held)
    db.session.refresh(email)
    assert email.state == SENT


def test_an_email_that_keeps_killing_workers_is_given_up(posted, pass_time, emails):
    email = posted()
    for _ in range(leases.MOST_ATTEMPTS):
        assert leases.take(email.id, seconds=-1)
    assert leases.take(email.id, seconds=-1) is None
    db.session.commit()
    pass_time(0)

    assert (email.state, email.last_error) == (DEAD, "Abandoned")
    assert emails() == []


def test_an_email_that_became_pointless_is_dropped(posted, says, work, emails):
    says(None)
    email = posted()

    assert emails() == []
    assert email.state == DROPPED


def test_an_email_that_fails_to_render_is_given_up_without_logging_personal_data(
    posted, says, work, capfd
):
    says(KeyError("ana@example.org cannot be found"))
    email = posted()
    work()

    assert (email.state, email.attempts, email.last_error) == (DEAD, 1, "KeyError")
    logged = "".join(capfd.readouterr())
    assert "email_unwritable" in logged
    assert "ana@" not in logged


def test_an_email_is_retried_when_the_database_was_down(posted, says, work):
    says(OperationalError("SELECT 1", {}, Exception("gone")))
    email = posted()
    work()

    assert (email.state, email.last_error) == (QUEUED, "OperationalError")


def test_undelivered_emails_are_retried_one_by_one_or_all(post_office, posted, work):
    post_office.rcpt_answers.extend(["550 no"] * 3)
    first, second, third = posted("a@example.org"), posted("b@example.org"), posted("c@example.org")
    work()
    assert {row.id for row in dead_letters.newest()} == {first.id, second.id, third.id}
    assert dead_letters.count() == 3

    dead_letters.retry(second.id)
    work()
    assert [first.state, second.state, third.state] == [DEAD, SENT, DEAD]

    assert dead_letters.retry_all() == 2
    work()
    assert dead_letters.count() == 0
    assert sorted(email["To"] for email in post_office.emails) == [
        "a@example.org",
        "b@example.org",
        "c@example.org",
    ]


def test_only_an_undelivered_email_can_be_retried(posted, work):
    email = posted()
    with pytest.raises(Exception, match="already been sent again or discarded"):
        dead_letters.retry(email.id)


def test_emails_are_deleted_after_thirty_days(posted, says, work, pass_time):
    sent = posted()
    work()
    says(ValueError())
    dead = posted("ben@example.org")
    work()
    assert (sent.state, dead.state) == (SENT, DEAD)
    pass_time(29.9 * 24 * 60)
    assert db.session.scalar(sa.select(sa.func.count(OutgoingEmail.id))) == 2

    pass_time(0.2 * 24 * 60)
    assert db.session.scalar(sa.select(sa.func.count(OutgoingEmail.id))) == 0


def test_an_email_still_waiting_is_never_deleted(posted, app, pass_time, monkeypatch):
    email = posted()
    app.extensions["queue"].clear()
    email.state, email.attempts = SENDING, 1
    email.leased_until = clock.now()
    db.session.commit()
    monkeypatch.setattr(delivery, "SWEPT", 0)
    pass_time(90 * 24 * 60)

    assert db.session.get(OutgoingEmail, email.id) is not None
