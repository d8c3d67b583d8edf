"""The setup steps say that email works only once a test email arrived."""

import re

import pytest

from tests import factories
from webapp.core.extensions import db

pytestmark = pytest.mark.any_database


@pytest.fixture
def admin(browser, dia):
    return browser(dia)


def step(admin, has_server=True):
    """Return whether the first steps call email done, at a site with a mail server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(admin.client.application.config, "DEV_MAIL", not has_server)
        admin.get("/")
    found = next(one for one in admin.page.select("#setup li") if "test email" in one.get_text())
    return "Done" in found.get_text()


def link_in(email):
    body = email.get_body(("plain",)).get_content()
    return re.search(r"/admin/test-email/\S+", body).group()


def test_the_email_step_is_done_once_the_link_in_the_test_email_was_opened(admin, emails):
    assert not step(admin)
    admin.get("/admin/test-email")
    admin.submit("/admin/test-email")
    assert not step(admin), "sent is not arrived"

    path = link_in(emails()[-1])
    admin.get(path)
    assert not step(admin), "mail scanners follow links, too"
    admin.get(path)
    admin.submit(path)
    assert step(admin)
    admin.get("/admin/test-email")
    assert "Email works" in admin.text


def test_only_the_link_of_the_latest_test_counts(admin, emails):
    links = []
    for _time in range(2):
        admin.get("/admin/test-email")
        admin.submit("/admin/test-email")
        links.append(link_in(emails()[-1]))

    admin.get(links[0])
    assert "earlier test" in admin.text
    admin.post(links[0])
    assert not step(admin)
    admin.post(links[1])
    assert step(admin)


def test_the_email_step_is_never_done_without_a_mail_server(admin, emails):
    admin.get("/admin/test-email")
    admin.submit("/admin/test-email")
    admin.post(link_in(emails()[-1]))
    assert step(admin)
    assert not step(admin, has_server=False)


def test_members_cannot_confirm_the_test_email(browser, ana):
    factories.group(ana)
    db.session.commit()
    assert browser(ana).post("/admin/test-email/none").status_code in (403, 404)
