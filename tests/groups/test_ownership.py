"""Ownership is offered, and passes to those who accept it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import Forbidden

from tests import factories
from tests.records import actions, notified
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.jobs import queue
from webapp.core.time import clock
from webapp.groups import access, memberships, ownership, reads
from webapp.groups.models import MEMBER, MODERATOR, ORGANIZER, OWNER, OwnershipOffer

pytestmark = pytest.mark.any_database


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Lake Riders", slug="lake")


def role(group, user):
    db.session.expire_all()
    access.forget_roles()
    return access.role_of(user, group)


def offer(group, user, by, **options):
    made = ownership.offer(reads.membership_of(group, user), by=by, **options)
    db.session.commit()
    return made


def test_an_offer_changes_nothing_until_it_is_accepted(group, ana, ben, emails):
    offer(group, ben, by=ana)

    assert (role(group, ana), role(group, ben)) == (OWNER, MEMBER)
    assert notified(ben) == ["ownership.offered"]
    [email] = emails()
    assert email["Subject"] == "Ownership offer (Lake Riders)"
    text = email.get_body(("plain",)).get_content()
    assert "Ana Souza invited you to co-own Lake Riders." in text
    assert "Ana Souza stays an owner too." in text
    assert "/groups/lake/ownership" in text


def test_accepting_an_offer_makes_both_owners(group, ana, ben):
    offer(group, ben, by=ana)
    ownership.accept(group, by=ben)
    db.session.commit()

    assert (role(group, ana), role(group, ben)) == (OWNER, OWNER)
    assert notified(ana) == ["ownership.accepted"]
    assert actions() == ["ownership.offered", "ownership.accepted"]


def test_handing_over_makes_the_former_owner_an_organizer_who_can_leave(group, ana, ben):
    offer(group, ben, by=ana, steps_down=True)
    ownership.accept(group, by=ben)
    db.session.commit()
    assert (role(group, ana), role(group, ben)) == (ORGANIZER, OWNER)

    memberships.leave(group, by=ana)
    assert role(group, ana) is None


def test_declining_an_offer_changes_nothing(group, ana, ben):
    offer(group, ben, by=ana)
    ownership.decline(group, by=ben)
    db.session.commit()

    assert (role(group, ana), role(group, ben)) == (OWNER, MEMBER)
    assert notified(ana) == ["ownership.declined"]
    with pytest.raises(Conflict):
        ownership.accept(group, by=ben)


def test_a_withdrawn_offer_cannot_be_accepted(group, ana, ben):
    offer(group, ben, by=ana)
    ownership.withdraw(group, ben, by=ana)
    db.session.commit()

    assert notified(ben) == ["ownership.offered", "ownership.withdrawn"]
    with pytest.raises(Conflict, match="no longer valid"):
        ownership.accept(group, by=ben)
    assert role(group, ben) == MEMBER


def test_an_offer_expires_after_fourteen_days(app, group, ana, ben, monkeypatch):
    offer(group, ben, by=ana)
    late = clock.now() + timedelta(days=14)
    monkeypatch.setattr(clock, "now", lambda: late)

    with pytest.raises(Conflict):
        ownership.accept(group, by=ben)
    db.session.rollback()
    queue.enqueue("groups.expire_offers")
    db.session.commit()
    queue.drain(app, raising=True)

    assert db.session.scalar(sa.select(OwnershipOffer)) is None
    assert notified(ana) == ["ownership.expired"]


def test_an_expired_offer_can_be_replaced(group, ana, ben, monkeypatch):
    offer(group, ben, by=ana)
    late = clock.now() + timedelta(days=15)
    monkeypatch.setattr(clock, "now", lambda: late)

    offer(group, ben, by=ana, steps_down=True)
    ownership.accept(group, by=ben)
    assert role(group, ana) == ORGANIZER


def other_owner(group):
    return factories.membership(group, factories.user("Fay"), OWNER).user


#: what happens meanwhile, as functions of (group, Ana who offers, Ben who was asked, Fay who is
#: also an owner)
ENDINGS = {
    "ana leaves": lambda group, ana, ben, fay: memberships.leave(group, by=ana),
    "ana steps down": lambda group, ana, ben, fay: memberships.change_role(
        reads.membership_of(group, ana), MEMBER, by=ana
    ),
    "ana is demoted": lambda group, ana, ben, fay: memberships.change_role(
        reads.membership_of(group, ana), ORGANIZER, by=fay
    ),
    "ana is removed": lambda group, ana, ben, fay: memberships.remove(
        reads.membership_of(group, ana), by=fay
    ),
    "ben leaves": lambda group, ana, ben, fay: memberships.leave(group, by=ben),
    "ben is demoted": lambda group, ana, ben, fay: memberships.change_role(
        reads.membership_of(group, ben), MEMBER, by=ana
    ),
    "ben is banned": lambda group, ana, ben, fay: memberships.remove(
        reads.membership_of(group, ben), by=ana, banned=True
    ),
    "ana's account ends": lambda group, ana, ben, fay: hooks.user_deactivated(user=ana),
    "ben's account ends": lambda group, ana, ben, fay: hooks.user_erased(user=ben),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_an_offer_ends_when_its_conditions_no_longer_hold(what, group, ana, ben):
    fay = other_owner(group)
    memberships.change_role(reads.membership_of(group, ben), MODERATOR, by=ana)
    offer(group, ben, by=ana)

    ENDINGS[what](group, ana, ben, fay)
    db.session.commit()

    assert db.session.scalar(sa.select(OwnershipOffer)) is None
    if what.startswith("ana "):
        assert notified(ben)[-1] == "ownership.withdrawn"


def test_an_offer_survives_a_promotion_and_other_departures(group, ana, ben, cem):
    factories.membership(group, cem)
    offer(group, ben, by=ana)

    memberships.change_role(reads.membership_of(group, ben), ORGANIZER, by=ana)
    memberships.leave(group, by=cem)
    ownership.accept(group, by=ben)

    assert role(group, ben) == OWNER


@pytest.mark.parametrize("rank", [ORGANIZER, MODERATOR, MEMBER])
def test_only_owners_can_offer_and_withdraw(rank, group, ana, ben, cem):
    factories.membership(group, cem, rank)

    with pytest.raises(Forbidden):
        ownership.offer(reads.membership_of(group, ben), by=cem)
    offer(group, ben, by=ana)
    with pytest.raises(Forbidden):
        ownership.withdraw(group, ben, by=cem)


def test_owners_and_people_with_an_open_offer_cannot_be_offered_ownership(group, ana, ben):
    with pytest.raises(UserError, match="is already an owner"):
        ownership.offer(reads.membership_of(group, ana), by=ana)
    offer(group, ben, by=ana)
    with pytest.raises(Conflict, match="hasn’t answered yet"):
        ownership.offer(reads.membership_of(group, ben), by=ana)


def test_only_the_recipient_can_accept(group, ana, ben, cem):
    factories.membership(group, cem)
    offer(group, ben, by=ana)
    with pytest.raises(Conflict):
        ownership.accept(group, by=cem)


def test_ownership_can_be_offered_and_accepted_on_the_pages(browser, group, ana, ben):
    member = reads.membership_of(group, ben)
    page = browser(ana)
    page.get(f"/groups/lake/members/{member.id}")
    assert "owner" not in [radio["value"] for radio in page.page.find_all("input", type="radio")]
    page.get(f"/groups/lake/members/{member.id}/ownership")
    assert "14 days to accept or decline" in page.text
    page.submit("ownership", steps_down="y")
    assert "Offer sent to Ben Okafor." in page.text
    assert "Withdraw offer" in page.text
    assert "Ben Okafor was offered ownership" in page.get("/groups/lake/manage/members").text

    page = browser(ben)
    page.get("/")
    assert "Ana Souza invited you to co-own Lake Riders" in page.text
    assert "View offer" in page.get("/groups/lake").text
    page.get("/groups/lake/ownership")
    assert "Ana Souza becomes an organizer." in page.text
    page.submit("acceptance")
    assert "You’re now an owner of Lake Riders." in page.text
    assert (role(group, ana), role(group, ben)) == (ORGANIZER, OWNER)


def test_an_offer_can_be_declined_and_withdrawn_on_the_pages(browser, group, ana, ben):
    page = browser(ben)
    offer(group, ben, by=ana)
    page.get("/groups/lake/ownership")
    page.submit("refusal")
    assert "You declined. Nothing changes." in page.text
    assert "No open offer" in page.get("/groups/lake/ownership").text
    assert page.post("/groups/lake/ownership/acceptance").status_code == 409

    offer(group, ben, by=ana)
    page = browser(ana)
    page.get(f"/groups/lake/members/{reads.membership_of(group, ben).id}")
    page.submit("withdrawal")
    assert "Offer withdrawn." in page.text
    assert "Withdraw offer" not in page.text


def test_submitting_an_offer_twice_creates_one(browser, group, ana, ben):
    path = f"/groups/lake/members/{reads.membership_of(group, ben).id}/ownership"
    page = browser(ana)
    page.get(path)
    word = page.page.find("input", attrs={"name": "once"})["value"]
    answers = [page.post(path, {"once": word, "steps_down": ""}).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(notified(ben)) == 1


def test_the_email_of_an_ended_offer_is_dropped(group, ana, ben, emails):
    offer(group, ben, by=ana)
    ownership.withdraw(group, ben, by=ana)
    db.session.commit()

    assert emails() == []
