"""Events that become link-only: they get an unguessable URL, and the old one redirects few."""

import pytest

from tests import factories
from tests.events.plans import plan
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.events import planning
from webapp.events.models import DRAFT, EVERYONE, LINK, EventInvitation, EventSlug
from webapp.events.models.change_notice import INVITED, EventNotice

pytestmark = pytest.mark.usefixtures("context")
OLD = "/events/seed-swap"


@pytest.fixture
def event(ana, ben):
    return factories.event(ana, factories.group(ana, ben), title="Seed swap", slug="seed-swap")


def only_by_link(event, by):
    planning.update(event, plan(audience=LINK, title=event.title), by, event.version)
    db.session.commit()
    return event.path


def invited(event, by, whom):
    notice = EventNotice(event_id=event.id, kind=INVITED, by_id=by.id, words={})
    db.session.add(notice)
    db.session.flush()
    db.session.add(
        EventInvitation(event_id=event.id, news_id=notice.id, by_id=by.id, user_id=whom.id)
    )
    db.session.commit()


@pytest.mark.both_databases
def test_switching_to_link_only_changes_the_url_and_redirects_only_insiders(
    event, ana, ben, cem, dia, browser, visitor
):
    rsvps.answer(event, by=cem)
    new = only_by_link(event, ana)
    assert new.startswith(f"{OLD}-")
    assert len(new) > len(OLD) + 8

    eve = factories.user("Eve")
    invited(event, ana, dia)
    for person in (ana, ben, cem, dia):
        answer = browser(person).get(OLD)
        assert (answer.status_code, answer.headers.get("Location")) == (303, new), person.first_name
    for page in (visitor, browser(eve)):
        assert page.get(OLD).status_code == 404
        assert page.get(f"{OLD}/event.ics").status_code == 404
        assert page.get(new).status_code == 200


def test_open_pages_and_forms_keep_working_after_the_url_changed(event, ana, ben, browser):
    member, host = browser(ben), browser(ana)
    only_by_link(event, ana)

    assert member.post(f"{OLD}/rsvp", {"answer": "going", "party": "1"}).status_code == 303
    assert rsvps.of(event, ben).state == "going"
    assert member.get(f"{OLD}/ticket").status_code == 200
    assert member.get(f"{OLD}/manage").status_code == 403
    assert host.get(f"{OLD}/manage").status_code == 200


def test_members_who_leave_without_answering_are_no_longer_redirected(event, ana, ben, browser):
    only_by_link(event, ana)
    member = browser(ben)
    assert member.get(OLD).status_code == 303

    db.session.delete(db.session.query(factories.Membership).filter_by(user_id=ben.id).one())
    db.session.commit()
    assert member.get(OLD).status_code == 404


def test_old_urls_are_never_reused_and_each_switch_makes_a_new_one(event, ana, ben, browser):
    first = only_by_link(event, ana)
    assert planning.create(plan(title="Seed swap"), ana).slug != "seed-swap"

    planning.update(event, plan(audience=EVERYONE, title="Seed swap"), ana, event.version)
    assert event.path == first, "what has become public keeps its address"
    second = only_by_link(event, ana)
    assert second != first
    for old in (OLD, first):
        assert browser(ben).get(old).headers["Location"] == second


def test_hosts_are_told_about_the_new_link_before_and_after_saving(event, ana, browser):
    page = browser(ana)
    page.get(f"{OLD}/edit")
    assert "The event gets a new link" in page.text

    page.submit("/edit", audience=LINK)
    assert "The event has a new secret link. Share this one from now on." in page.text
    page.get(f"{event.path}/edit")
    assert "The event gets a new link" not in page.text


def test_unpublished_drafts_leave_no_old_url_behind(ana, ben, browser):
    draft = factories.event(ana, title="Seed swap", slug="seed-swap", state=DRAFT)

    only_by_link(draft, ana)
    assert draft.path != OLD
    assert db.session.query(EventSlug).count() == 0
    assert browser(ana).get(OLD).status_code == 404
