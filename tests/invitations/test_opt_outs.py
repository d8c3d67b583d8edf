"""Opting out of invitations: one press, without signing in, for good, and no one learns of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from webapp.core.extensions import db
from webapp.core.jobs import queue
from webapp.core.time import clock
from webapp.groups.models import MEMBER
from webapp.invitations import inviting, opt_outs
from webapp.invitations.inviting import Invited
from webapp.invitations.models import GroupInvitation, RefusedAddress

from ..privacy import life

pytestmark = pytest.mark.usefixtures("context")
PRESSED = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def way_out(invite, emails):
    """The URL in the invitation to Gil that email providers request for him."""
    invite()
    (email,) = emails()
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = email["List-Unsubscribe"].strip("<>")
    assert url in email.get_body(("plain",)).get_content()
    return url.removeprefix("http://127.0.0.1:8000")


def refused():
    return db.session.scalar(sa.select(sa.func.count()).select_from(RefusedAddress))


def test_only_the_button_opts_out_and_opening_the_link_does_not(visitor, way_out):
    assert visitor.get(way_out).status_code == 200
    assert refused() == 0

    form = visitor.page.find("main").find("form")
    answer = visitor.post(form["action"], {form.input["name"]: form.input["value"]}, csrf=False)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "We won’t invite this email address again" in visitor.text
    assert refused() == 1
    assert visitor.post(way_out, PRESSED, csrf=False).status_code == 200
    assert refused() == 1


CUT_SHORT = (
    lambda url: url[:-1],
    lambda url: url[:40],
    lambda url: url.replace("ons/", "ons/0"),
    lambda url: url + "é",
)


@pytest.mark.parametrize("spoil", CUT_SHORT)
def test_an_altered_opt_out_link_gets_404(visitor, way_out, spoil):
    assert visitor.get(spoil(way_out)).status_code == 404
    assert visitor.post(spoil(way_out), PRESSED, csrf=False).status_code == 404
    assert visitor.post(way_out, {}, csrf=False).status_code == 400
    assert refused() == 0


def test_after_opting_out_no_one_can_ever_invite_the_address(visitor, ana, ben, way_out, emails):
    visitor.post(way_out, PRESSED, csrf=False)
    other = factories.group(ben)
    inviting.invite(other, ben, Invited(["gil@example.org", "hal@example.org"], MEMBER))
    db.session.commit()
    assert [email["To"] for email in emails()] == ["gil@example.org", "hal@example.org"], (
        "the first was before the press"
    )

    with time_machine.travel(clock.now() + timedelta(days=900), tick=False):
        queue.JOBS["ops.purge"]()
        assert db.session.scalars(sa.select(GroupInvitation)).all() == []
        inviting.invite(other, ben, Invited(["gil@example.org"], MEMBER))
        db.session.commit()
        assert len(emails()) == 2


def test_the_opt_out_link_works_after_the_invitation_was_deleted(visitor, way_out):
    db.session.execute(sa.delete(GroupInvitation))
    db.session.commit()
    visitor.post(way_out, PRESSED, csrf=False)

    assert refused() == 1


def test_an_opt_out_stores_no_address_and_survives_account_erasure(app, visitor, invite, emails):
    cara = life.lived(app)
    opt_outs.opt_out(opt_outs.hash_of(cara.email))
    db.session.commit()
    digest = db.session.scalars(sa.select(RefusedAddress.address_hash)).one()
    assert "canary" not in digest
    address = cara.email
    life.erased(cara)

    assert opt_outs.has_opted_out(opt_outs.hash_of(address))
    assert opt_outs.hash_of(address.upper()) == digest
    invite(address)
    assert [email for email in emails() if email["To"] == address] == []
