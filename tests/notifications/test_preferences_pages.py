"""The page on which a person chooses what reaches them and how, and the one for a single group."""

import pytest

from webapp.core import hooks
from webapp.core.extensions import db
from webapp.groups import memberships, roster
from webapp.groups.models import CLOSED, INVITE, SECRET
from webapp.notifications import preferences
from webapp.notifications.models import DAILY, IMPORTANT, INBOX, NOTHING, NOW, OFF

from .. import factories

PATH = "/account/notifications"


def chosen(page) -> dict[str, str]:
    """What is ticked on the page, by field."""
    return {one["name"]: one["value"] for one in page.page.select("input[type=radio][checked]")}


def test_the_page_shows_what_is_chosen_and_keeps_what_is_sent(browser, ben):
    page = browser(ben)
    page.get(PATH)
    assert chosen(page)["event-published"] == NOW
    assert chosen(page)["vote-cancelled"] == INBOX

    page.submit(PATH, **{"event-published": DAILY, "vote-opened": OFF, "rsvp-answered": OFF})

    assert "Notification settings saved." in page.text
    assert (chosen(page)["event-published"], chosen(page)["vote-opened"]) == (DAILY, OFF)
    assert preferences.of(ben)["rsvp.answered"] == OFF
    assert preferences.of(ben)["vote.closed"] == NOW


def test_every_kind_is_on_the_page_once_and_those_of_admins_only_on_theirs(browser, ben, dia):
    for person in (ben, dia):
        page = browser(person)
        page.get(PATH)
        shown = {group.legend.get_text() for group in page.page.select("fieldset")}
        assert shown == {
            str(kind.title) for kind in preferences.offered_to(person) if not kind.is_fixed
        }
        assert ("is waiting for approval" in page.text) == person.is_admin
    assert "Always by email" in page.text
    assert page.page.find("input", {"name": "event-message"}) is None


@pytest.mark.parametrize(
    "fields", [{"event-published": "by pigeon"}, {"rsvp-answered": DAILY}, {"digest": INBOX}]
)
def test_what_cannot_be_had_is_refused_and_nothing_changes(browser, ben, fields):
    page = browser(ben)
    page.get(PATH)
    before = preferences.of(ben)

    answer = page.submit(PATH, **{"vote-opened": OFF, **fields})

    assert answer.status_code == 422
    db.session.rollback()
    assert preferences.of(ben) == before


def test_what_is_not_sent_stays_as_it_was(browser, ben):
    preferences.choose(ben, {"event.published": DAILY})
    db.session.commit()
    page = browser(ben)
    page.get(PATH)
    page.submit(PATH, **{"event-published": None, "vote-opened": OFF})

    assert preferences.of(ben)["event.published"] == DAILY
    assert preferences.of(ben)["vote.opened"] == OFF


def test_nobody_chooses_for_another_or_for_what_is_not_theirs(browser, ana, ben):
    page = browser(ben)
    page.get(PATH)
    page.submit(
        PATH,
        **{"vote-opened": OFF, "person-waiting": OFF, "event-message": OFF, "user_id": str(ana.id)},
    )

    assert preferences.of(ana)["vote.opened"] == NOW
    assert preferences.of(ben)["vote.opened"] == OFF
    assert preferences.of(ben)["event.message"] == NOW


def test_the_page_asks_as_often_for_three_groups_as_for_one(browser, ana, statements_of):
    factories.group(ana)
    page = browser(ana)
    one = statements_of(lambda: page.get(PATH))
    factories.group(ana)
    preferences.choose_level(ana, factories.group(ana).id, NOTHING)
    preferences.choose(ana, {"vote.opened": OFF})
    db.session.commit()

    assert statements_of(lambda: page.get(PATH)) == one


def test_ways_lead_to_the_page(browser, ben):
    page = browser(ben)
    for path in ("/account", "/inbox"):
        page.get(path)
        assert page.page.find("a", href=PATH), path


def test_of_a_group_one_hears_less_and_again_all(browser, ana, ben):
    group = factories.group(ana, ben, name="River walkers")
    page = browser(ben)
    page.get(f"/groups/{group.slug}")
    path = f"/groups/{group.slug}/notifications"
    assert page.page.find("a", href=path)
    page.get(path)
    assert chosen(page) == {"level": "as_everywhere"}

    for level, words in ((NOTHING, "Nothing"), (IMPORTANT, "Important only")):
        page.get(path)
        page.submit(path, level=level)
        assert "Notification settings for River walkers saved." in page.text
        assert preferences.level_of(ben, group.id) == level
        page.get(PATH)
        assert words in page.page.find("a", href=path).find_parent("li").get_text()

    page.get(path)
    page.submit(path, level="as_everywhere")
    assert preferences.level_of(ben, group.id) is None


@pytest.mark.parametrize("level", ["loud", None, ""])
def test_of_a_group_one_hears_one_of_three(browser, ana, ben, level):
    group = factories.group(ana, ben)
    page = browser(ben)
    page.get(f"/groups/{group.slug}/notifications")

    assert page.submit("/notifications", level=level).status_code == 422
    assert preferences.level_of(ben, group.id) is None


def test_only_members_choose(browser, visitor, ana, cem, dia):
    for values, status in (
        ({}, 403),
        ({"visibility": CLOSED, "join_policy": INVITE}, 403),
        ({"visibility": SECRET, "join_policy": INVITE}, 404),
    ):
        path = f"/groups/{factories.group(ana, **values).slug}/notifications"
        for person in (cem, dia):
            assert browser(person).get(path).status_code == status
            assert browser(person).post(path, {"level": NOTHING}).status_code == status
        assert visitor.get(path).headers["Location"].startswith("/sign-in")


def test_who_leaves_and_comes_back_hears_of_the_group_as_a_newcomer(ana, ben):
    group = factories.group(ana, ben)
    preferences.choose_level(ben, group.id, NOTHING)
    memberships.leave(group, by=ben)
    db.session.commit()

    assert preferences.level_of(ben, group.id) is None


def test_who_was_silent_about_a_group_still_learns_that_they_were_removed(ana, ben, emails):
    group = factories.group(ana, ben)
    preferences.choose_level(ben, group.id, NOTHING)
    member = next(one for one in roster.members_of(group).items if one.user_id == ben.id)
    memberships.remove(member, by=ana, reason="Noise")
    db.session.commit()

    assert [email["To"] for email in emails()] == [ben.email]


def test_who_is_erased_leaves_no_choices_behind(ana, ben):
    group = factories.group(ana, ben)
    preferences.choose(ben, {"vote.opened": OFF})
    preferences.choose_level(ben, group.id, NOTHING)
    hooks.user_erased(user=ben)
    db.session.commit()

    assert preferences.of(ben)["vote.opened"] == NOW
    assert preferences.level_of(ben, group.id) is None
