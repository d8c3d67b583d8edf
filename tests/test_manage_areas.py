"""The manage areas of events, groups and the site: every page is in the menu while it's open, and
the overview links to it.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests import factories, sample_things
from webapp.admin import navigation
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.event_files.models import BY_PEOPLE
from webapp.events import management
from webapp.events.models import EventHost, EventOption, EventQuestion
from webapp.groups import managing
from webapp.groups.models import MODERATOR
from webapp.volunteering.models import EventShift, EventTask

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]


@pytest.fixture
def event(ana, ben):
    return factories.event(ana, factories.group(ana, ben), title="Eel count")


@pytest.fixture(params=["event", "group", "site"])
def area(request, event, ana, dia):
    """An area without content, its overview, and someone who manages it."""
    found = {
        "event": (management.AREA, f"{event.path}/manage", ana),
        "group": (managing.AREA, f"{event.group.path}/manage", ana),
        "site": (navigation.AREA, "/admin", dia),
    }
    pages, overview, person = found[request.param]
    return SimpleNamespace(pages=pages, overview=overview, person=person)


def menu(page) -> list[str]:
    return [link["href"] for link in page.page.select(".area-nav a")]


def added(page) -> list[str]:
    return [link["href"] for link in page.page.select(".add a")]


def test_each_manage_page_is_in_its_menu_and_linked_from_the_overview(area, browser):
    page = browser(area.person)
    page.get(area.overview)
    reached = [link for link in (*menu(page), *added(page)) if "#" not in link]
    labels = {one.endpoint: one.label for one in area.pages.pages.values() if not one.is_elsewhere}
    assert len(labels) > 10

    opened = {}
    for href in reached:
        assert page.get(href).status_code == 200, href
        marked = page.page.select(".area-nav a[aria-current=page]")
        if not marked:
            continue  # Add starts it elsewhere
        assert [one["href"] for one in marked] == [href]
        named = page.page.select_one(".area-open > span").get_text().partition(": ")[2]
        opened[href] = named
        assert marked[0].contents[1].strip() == named
    assert sorted(opened.values()) == sorted(map(str, labels.values()))


def test_features_in_use_are_in_the_menu_and_the_others_behind_add(event, browser, ana):
    at = f"{event.path}/manage"
    page = browser(ana)
    page.get(at)
    assert not set(menu(page)) & set(added(page))
    assert {f"{at}/speakers", f"{at}/tasks", f"{at}/queue", f"{at}/approvals"} <= set(added(page))
    assert menu(page)[-1] == f"{at}#add"

    everything_in_use(event)
    page.get(at)
    assert {f"{at}/speakers", f"{at}/tasks", f"{at}/queue", f"{at}/approvals"} <= set(menu(page))
    assert [link for link in added(page) if link.startswith(at)] == [
        f"{at}/answers",
        f"{at}/feedback",
    ]


def test_finding_the_features_in_use_takes_one_statement(event, browser, ana, statements_of):
    page = browser(ana)
    at = f"{event.path}/manage/hosts"
    page.get(at)
    few = statements_of(lambda: page.get(at))
    everything_in_use(event)

    assert statements_of(lambda: page.get(at)) == few == 4


def everything_in_use(event):
    now = clock.now()
    event.capacity, event.requires_approval = 5, True
    event.has_volunteering = event.has_registration_form = True
    event.file_uploaders = BY_PEOPLE
    own = {"event_id": event.id}
    shift = {"starts_at": event.starts_at, "ends_at": event.starts_at + timedelta(hours=1)}
    db.session.add_all(
        [
            EventTask(title="Cups", position=1, due_at=now, **own),
            EventShift(title="Kitchen", **shift, **own),
            EventQuestion(text="Boots?", position=1, kind="text", **own),
            EventOption(label="Child", position=1, price="free", **own),
        ]
    )
    sample_things.agenda(event)
    db.session.commit()


def test_moderators_see_links_only_to_their_own_pages(event, browser, cem):
    group = event.group
    factories.membership(group, cem, MODERATOR)
    page = browser(cem)
    page.get(f"{group.path}/manage")

    links = {link for link in (*menu(page), *added(page)) if "#" not in link}
    at = f"{group.path}/manage"
    assert links == {at, f"{at}/members", f"{at}/requests", f"{at}/reports", f"{group.path}/bans"}
    for href in links:
        assert page.get(href).status_code == 200, href


def test_hosts_outside_the_group_see_no_link_to_create_a_vote(event, browser, cem, ana):
    vote = f"/votes/new?group={event.group.slug}&event={event.slug}"
    assert vote in added_on(browser(ana), event)
    db.session.add(EventHost(event_id=event.id, user_id=cem.id))
    db.session.commit()
    assert vote not in added_on(browser(cem), event)


def added_on(page, event) -> list[str]:
    page.get(f"{event.path}/manage")
    return added(page)
