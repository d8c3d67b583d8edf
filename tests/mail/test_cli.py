"""Mail from the command line."""

from email.message import EmailMessage


def flask(app, *words):
    return app.test_cli_runner().invoke(args=words)


def test_a_test_mail_is_sent_and_said_so(app, mails):
    result = flask(app, "send-test-mail", "ana@example.org")

    assert result.exit_code == 0
    assert "handed over" in result.output
    (mail,) = mails()
    assert isinstance(mail, EmailMessage)
    assert mail["To"] == "ana@example.org"


def test_a_test_mail_that_fails_says_why(app, mails, post_office):
    post_office.recipients.append("550 nobody here")
    result = flask(app, "send-test-mail", "nobody@example.org")

    assert result.exit_code == 1
    assert "The mail is dead: SMTPRecipientsRefused 550." in result.output


def test_dead_letters_are_listed_and_tried_again(app, post_office, mails):
    post_office.recipients.extend(["550 no", "550 no"])
    flask(app, "send-test-mail", "nobody@example.org")
    flask(app, "send-test-mail", "noone@example.org")
    listed = flask(app, "dead-letters").output
    assert "nobody@example.org" in listed
    assert "2 dead." in listed

    letter_id = listed.split()[0]
    assert "1 to be tried again." in flask(app, "dead-letters", "--retry", letter_id).output
    assert "not among the dead" in flask(app, "dead-letters", "--retry", letter_id).output
    assert "1 to be tried again." in flask(app, "dead-letters", "--retry-all").output
    mails()
    assert len(post_office.mails) == 2
    assert flask(app, "dead-letters").output == "0 dead.\n"


def test_worker_and_clock_need_redis(app):
    for command in ("worker", "clock"):
        result = flask(app, command)
        assert result.exit_code == 1
        assert "REDIS_URL is not set" in result.output
