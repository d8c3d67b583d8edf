"""The page to which the email leads that invites an address without an account to an event."""

import re

import pytest

from tests import factories
from tests.fan_outs import run_fan_outs
from webapp.attendance import inviting
from webapp.core.extensions import db
from webapp.events.models import EventInvitation

pytestmark = pytest.mark.any_database


@pytest.fixture
def link(ana, emails):
    event = factories.event(ana, title="Dawn walk", venue="The old ferry")
    inviting.invite(event, ana, ["gil@example.net"], "Bring a torch.")
    run_fan_outs()
    (email,) = emails()
    text = email.get_body(("plain",)).get_content()
    return re.search(r"http://127.0.0.1:8000(/event-invitations/\S+)", text)[1]


def test_the_link_shows_who_invites_to_what_and_what_they_wrote(visitor, link):
    visitor.get(link)

    for words in ("Ana Souza invited you to", "Dawn walk", "The old ferry", "Bring a torch."):
        assert words in visitor.text
    visitor.get(visitor.page.select_one("main a.main")["href"])
    assert "Answer without an account" in visitor.text


def test_a_wrong_link_shows_nothing(visitor, link):
    assert visitor.get(link[:-4] + "AAAA").status_code == 404


def test_the_link_of_a_cancelled_event_says_so_without_naming_it(visitor, link):
    row = db.session.query(EventInvitation).one()
    row.event.state = "cancelled"
    db.session.commit()

    assert visitor.get(link).status_code == 410
    assert "Dawn walk" not in visitor.text
