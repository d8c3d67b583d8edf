"""Email from the command line."""

from email.message import EmailMessage

import pytest

from webapp.core.extensions import db
from webapp.core.jobs import housekeeping
from webapp.mail import pause

pytestmark = pytest.mark.any_database


def flask(app, *words):
    return app.test_cli_runner().invoke(args=words)


@pytest.fixture
def carried(app):
    """Something sends the site's emails, as the web server does."""
    housekeeper = housekeeping.Housekeeping(app)
    housekeeper.start()
    yield
    housekeeper.stop()


def test_send_test_mail_uses_the_outbox_and_reports_the_result(app, emails, carried):
    result = flask(app, "send-test-mail", "ana@example.org")

    assert result.exit_code == 0, result.output
    assert "Sent. Read it at /dev/emails. Attempt 1" in result.output
    (email,) = emails()
    assert isinstance(email, EmailMessage)
    assert email["To"] == "ana@example.org"


def test_send_test_mail_reports_that_the_server_accepted_it(app, post_office, carried):
    result = flask(app, "send-test-mail", "ana@example.org")

    assert "Sent. The SMTP server accepted it" in result.output
    assert [email["To"] for email in post_office.emails] == ["ana@example.org"]


def test_send_test_mail_reports_why_the_server_refused_it(app, post_office, carried):
    post_office.rcpt_answers.append("550 nobody here")
    result = flask(app, "send-test-mail", "nobody@example.org")
    assert result.exit_code == 1
    assert "It can't be sent: SMTPRecipientsRefused 550." in result.output

    post_office.rcpt_answers.append("451 later")
    result = flask(app, "send-test-mail", "later@example.org")
    assert result.exit_code == 1
    assert "It was rejected for now: SMTPRecipientsRefused 451. Next try at" in result.output


def test_send_test_mail_reports_that_no_process_picks_emails_up(app, emails):
    result = flask(app, "send-test-mail", "ana@example.org", "--wait", "0")

    assert result.exit_code == 1
    assert "Not picked up for 0 seconds. Start the web server to send it." in result.output
    assert [email["To"] for email in emails()] == ["ana@example.org"]


def test_send_test_mail_reports_a_server_that_does_not_respond(app, post_office, carried):
    post_office.data_answers.append("silence")
    result = flask(app, "send-test-mail", "ana@example.org", "--wait", "5")
    post_office.speak()

    assert result.exit_code == 1
    assert "The SMTP server didn't respond for 5 seconds." in result.output


def test_send_test_mail_reports_that_email_is_paused(app, context, emails, carried):
    pause.pause("restored")
    db.session.commit()
    result = flask(app, "send-test-mail", "ana@example.org", "--wait", "1")

    assert result.exit_code == 1
    assert "Email is paused after a restore" in result.output
    assert emails() == []


def test_undelivered_emails_are_listed_and_retried(app, posted, post_office, emails):
    post_office.rcpt_answers.extend(["550 no", "550 no"])
    for name in ("nobody", "noone"):
        posted(f"{name}@example.org")
    emails()
    listed = flask(app, "dead-letters").output
    assert "nobody@example.org" in listed
    assert "2 undelivered." in listed

    email_id = listed.split()[0]
    assert "1 will be tried again." in flask(app, "dead-letters", "--retry", email_id).output
    assert (
        "already been sent again or discarded"
        in flask(app, "dead-letters", "--retry", email_id).output
    )
    assert "1 will be tried again." in flask(app, "dead-letters", "--retry-all").output
    emails()
    assert len(post_office.emails) == 2
    assert flask(app, "dead-letters").output == "0 undelivered.\n"


def test_worker_and_clock_need_redis(app):
    for command in ("worker", "clock"):
        result = flask(app, command)
        assert result.exit_code == 1
        assert "REDIS_URL is not set" in result.output
