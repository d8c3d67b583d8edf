"""Who wrote a post: marks that no name can contain, and handles that tell equal names apart."""

import pytest

from tests import factories
from tests.conversation.talking import said, thread
from webapp.core.extensions import db
from webapp.core.text import names
from webapp.events.comments import EventContainer

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("first_name", ["Ingrid", "Ingr\u03b9d", "lngrid"])
def test_a_namesake_of_an_admin_has_another_handle_and_no_mark(browser, ben, first_name):
    admin = factories.user("Ingrid", "Solheim", handle="ingrid-solheim", is_admin=True)
    other = factories.user(first_name, "Solheim", handle="the-other-one")
    group = factories.group(ben, admin, other)
    talk = thread(group, admin, "Boats", "Who comes?")
    said(talk, other, "Send me your password.")
    db.session.commit()
    page = browser(ben)

    page.get(f"{group.path}/conversation/{talk.id}")

    first, second = (post.header.get_text(" ", strip=True) for post in page.page.select(".post"))
    assert "@ingrid-solheim Site admin" in first
    assert "@the-other-one" in second
    assert "admin" not in second


def test_hosts_and_organizers_carry_marks_beside_the_admins(browser, ana, ben):
    host = factories.user("Ida", "Lund", is_admin=True)
    event = factories.event(host)
    comment = said(EventContainer(event).begin(), host, "Welcome!")
    said(comment.thread, ben, "Thanks.")
    db.session.commit()
    page = browser(ana)

    page.get(event.path)

    first, second = page.page.select(".post header")
    assert [one.get_text(strip=True) for one in first.select(".chip")] == ["Host", "Site admin"]
    assert second.select(".chip") == []


def test_a_profile_of_an_admin_says_so(browser, ana):
    admin = factories.user("Ingrid", "Solheim", is_admin=True, profile_visibility="everyone")
    page = browser(ana)

    page.get(f"/people/{admin.handle}")

    assert page.page.select_one("main header .chip").get_text(strip=True) == "Site admin"


@pytest.mark.parametrize("mark", ["(Admin)", "✓", "☑", "✔️", "[Host]", "• Organizer", "🛡"])
def test_no_name_can_contain_a_mark(context, mark):
    assert names.problem(f"Ingrid {mark}") is not None


def test_people_without_an_account_any_more_show_no_handle(browser, ana, cem):
    group = factories.group(ana, cem)
    talk = thread(group, cem, "Boats", "Who comes?")
    cem.deactivated_at = cem.created_at
    db.session.commit()
    page = browser(ana)

    page.get(f"{group.path}/conversation/{talk.id}")

    assert "@" not in page.page.select_one(".post header").get_text()
