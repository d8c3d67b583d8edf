"""How an email is composed: text and HTML, headers, and nothing injected by names."""

import pytest

from webapp.mail.emails import EMAIL_CONTEXTS
from webapp.mail.jobs import rendering

pytestmark = pytest.mark.any_database


def test_an_email_has_text_and_html_with_inline_styles(posted, emails):
    posted()
    (email,) = emails()

    assert email["Subject"] == "Test email from Folkmoot"
    assert email["From"] == "Folkmoot <folkmoot@127.0.0.1>"
    assert email["Auto-Submitted"] == "auto-generated"
    text = email.get_body(("plain",)).get_content()
    assert text.splitlines()[0] == "Test email from Folkmoot"
    assert "http://127.0.0.1:8000/" in text
    assert "You get this because" in text
    assert "\n\n\n" not in text
    html = email.get_body(("html",)).get_content()
    assert '<a class="button" href="http://127.0.0.1:8000/admin/test-email/' in html
    assert "prefers-color-scheme: dark" in html
    assert html.count("<img") == html.count('<img class="logo" alt="" src="cid:') == 1
    assert 'class="why"' in html


def test_email_lines_are_short_enough_for_every_server(posted, emails, says):
    says({"subject": "Überraschung " * 60})
    posted()
    (email,) = emails()

    assert max(len(line) for line in bytes(email).splitlines()) < 998
    assert bytes(email).isascii()


@pytest.mark.parametrize("where", ["subject", "site_name", "address"])
@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
def test_line_breaks_cannot_inject_headers(app, posted, emails, says, where, break_, monkeypatch):
    evil = f"Hello{break_}Bcc: eve@example.org"
    says({where: evil})
    if where == "site_name":
        monkeypatch.setitem(app.config, "MAIL_DEFAULT_SENDER", (evil, "moot@example.org"))
    posted(
        f"ana@example.org{break_}Bcc: eve@example.org" if where == "address" else "ana@example.org"
    )

    for email in emails():
        assert email["Bcc"] is None
        assert "eve@example.org" not in [address.addr_spec for address in email["To"].addresses]
        headers = bytes(email).partition(b"\n\n")[0].splitlines()
        assert not [line for line in headers if line.lower().startswith(b"bcc")]


@pytest.mark.parametrize("name", ['Müller, "Moos" & Co', "Café", '\\"'])
def test_a_site_name_with_special_characters_is_a_valid_sender(
    app, posted, emails, monkeypatch, name
):
    monkeypatch.setitem(app.config, "SITE_NAME", name)
    posted()
    (email,) = emails()

    (sender,) = email["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, app.config["MAIL_DEFAULT_SENDER"][1])


def test_names_are_escaped_in_html_and_plain_in_text(posted, emails, says):
    says({"site_name": "<b>Ana & Ben</b>"})
    posted()
    (email,) = emails()

    assert email["Subject"] == "Test email from <b>Ana & Ben</b>"
    assert "Test email from <b>Ana & Ben</b>" in email.get_body(("plain",)).get_content()
    html = email.get_body(("html",)).get_content()
    assert "&lt;b&gt;Ana &amp; Ben&lt;/b&gt;" in html
    assert "<b>Ana" not in html


def test_one_click_unsubscribe_headers_are_added_where_possible(posted, emails, says):
    says({"unsubscribe_url": "https://moot.example.org/stop/9x"})
    posted()
    (with_it,) = emails()
    says({})
    posted()
    without = emails()[1]

    assert with_it["List-Unsubscribe"] == "<https://moot.example.org/stop/9x>"
    assert with_it["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for form in ("plain", "html"):
        assert "https://moot.example.org/stop/9x" in with_it.get_body((form,)).get_content()
    assert without["List-Unsubscribe"] is None
    assert "Unsubscribe from" not in without.get_body(("plain",)).get_content()


def test_the_unsubscribe_header_is_sent_unencoded(posted, says):
    """Checked in the bytes that are sent, because email parsers turn almost anything into an
    address.
    """
    address = f"https://moot.example.org/unsubscription/{'9x' * 60}"
    says({"unsubscribe_url": address})

    sent = rendering.written(posted()).as_bytes()

    assert f"List-Unsubscribe: <{address}>".encode() in sent.split(b"\r\n")


def test_files_are_attached(posted, emails, says):
    says({"attachments": [("fête\r\n.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n")]})
    posted()
    (email,) = emails()

    (part,) = email.iter_attachments()
    assert part.get_filename() == "fête .ics"
    assert part.get_content_type() == "text/calendar"
    assert part.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\n"


def test_every_email_has_a_template_with_its_blocks(app):
    assert EMAIL_CONTEXTS
    for template in EMAIL_CONTEXTS:
        blocks = app.jinja_env.get_template(f"emails/{template}.html").blocks
        assert "why" in blocks, template
