"""The mailbox of development: for this machine only, and emails can do nothing there."""

import pytest

from webapp import create_app
from webapp.mail import dev_mailbox as mailboxes


@pytest.fixture
def number(app, posted, emails):
    """The number of an email in the mailbox."""
    posted()
    emails()
    return app.extensions["mailbox"].newest()[0].number


def test_an_empty_mailbox_says_that_there_are_no_emails(visitor, emails):
    assert visitor.get("/dev/emails").status_code == 200
    assert "No emails yet" in visitor.text


def test_emails_are_listed_newest_first(visitor, posted, emails):
    posted("ana@example.org")
    posted("ben@example.org")
    emails()
    visitor.get("/dev/emails")

    items = [item.get_text(" ") for item in visitor.page.select(".item")]
    assert ["ben@example.org" in items[0], "ana@example.org" in items[1]] == [True, True]
    assert visitor.get(visitor.page.select_one(".item a")["href"]).status_code == 200


def test_the_list_has_pages_in_both_directions(app, visitor, monkeypatch, emails):
    monkeypatch.setattr("webapp.mail.routes.SHOWN", 2)
    for number in range(5):
        app.extensions["mailbox"].put(b"Subject: No %d\nTo: ana@example.org\n\nHello" % number)
    subjects = lambda: [heading.a.get_text() for heading in visitor.page.select(".item h3")]  # noqa: E731
    follow = lambda rel: visitor.get(visitor.page.find("a", rel=rel)["href"])  # noqa: E731

    visitor.get("/dev/emails")
    first = subjects()
    follow("next")
    assert (first, subjects()) == (["No 4", "No 3"], ["No 2", "No 1"])
    app.extensions["mailbox"].put(b"Subject: No 5\nTo: ana@example.org\n\nHello")
    follow("next")
    assert subjects() == ["No 0"]
    assert visitor.page.find("a", rel="next") is None
    follow("prev")
    assert subjects() == ["No 2", "No 1"]
    follow("prev")
    assert subjects() == ["No 4", "No 3"]
    follow("prev")
    assert subjects() == ["No 5"]
    assert visitor.page.find("a", rel="prev") is None
    for nonsense in ("after=x", "before=-1", "after=99999999999999999999999"):
        assert visitor.get(f"/dev/emails?{nonsense}").status_code == 200
    visitor.get("/dev/emails?after=1")
    assert "The list ends before this page." in visitor.text


def test_an_email_shows_its_headers_html_and_text(visitor, posted, emails, says, app):
    says({"attachments": [("moss.ics", "text/calendar", b"BEGIN")]})
    posted()
    emails()
    (email,) = app.extensions["mailbox"].newest()
    visitor.get(f"/dev/emails/{email.number}")

    assert visitor.page.h1.get_text() == "Test email from Folkmoot"
    assert "ana@example.org" in visitor.text
    assert "moss.ics" in visitor.text
    assert "If you can read this" in visitor.page.pre.get_text()
    frame = visitor.page.iframe
    assert frame["src"] == f"/dev/emails/{email.number}/html"
    assert frame["sandbox"] == [
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-top-navigation-by-user-activation",
    ]


def test_the_email_frame_is_sandboxed_except_for_links(visitor, number):
    answer = visitor.get(f"/dev/emails/{number}/html")

    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert policy[0].startswith("sandbox allow-popups ")
    assert "allow-scripts" not in policy[0]
    assert policy[1:] == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "frame-ancestors 'self'",
    ]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert visitor.page.base["target"] == "_top"
    assert "/admin/test-email/" in visitor.page.select_one("a.button")["href"]


PAGES = ["/dev/emails", "/dev/emails/{number}", "/dev/emails/{number}/html"]


@pytest.mark.parametrize("page", PAGES)
def test_dns_rebinding_cannot_read_emails(visitor, number, page):
    """DNS rebinding: the browser runs here, but the script comes from elsewhere."""
    assert (
        visitor.client.get(page.format(number=number), base_url="http://evil.example").status_code
        == 400
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may_read_emails(visitor, number, page, address):
    answer = visitor.get(page.format(number=number), environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "address",
    ["192.168.1.7", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "2001:db8::1", "", "nonsense"],
)
def test_no_other_machine_may_read_emails(visitor, number, page, address):
    answer = visitor.get(page.format(number=number), environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
@pytest.mark.parametrize("page", PAGES)
def test_requests_through_an_unknown_proxy_cannot_read_emails(visitor, number, page, header):
    answer = visitor.get(page.format(number=number), headers={header: "127.0.0.1"})
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["1", "1/html", "..%2fsecret", "9999999999999999999999"])
def test_an_unknown_email_gets_404(visitor, emails, name):
    assert visitor.get(f"/dev/emails/{name}").status_code == 404


def test_production_and_sites_with_a_mail_server_have_no_mailbox(tmp_path):
    common = {
        "INSTANCE": str(tmp_path),
        "REDIS_URL": "",
        "MAIL_SERVER": "smtp.example.org",
        "SITE_URL": "https://moot.example.org",
    }
    for environment in ("production", "development"):
        app = create_app(
            ENVIRONMENT=environment, SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyz", **common
        )
        assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev")]
        assert "mailbox" not in app.extensions


def test_only_the_newest_emails_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(mailboxes, "KEPT", 3)
    mailbox = mailboxes.Mailbox(tmp_path / "mail")
    for number in range(5):
        mailbox.put(f"Subject: {number}\n\n".encode())

    assert [email.subject for email in mailbox.newest()] == ["4", "3", "2"]
