"""What a group can decide for itself: permissions, and the defaults of new events and votes."""

from datetime import datetime, timedelta

import pytest

from tests import factories
from tests.events.plans import plan
from tests.voting import making
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock, time_zones
from webapp.events import defaults as event_defaults, planning
from webapp.events.models import Event
from webapp.groups import access, ownership, permissions, reads
from webapp.groups.models import CLOSED, MEMBER, MODERATOR, ORGANIZER, OWNER, ROLES, Group
from webapp.voting import access as vote_access
from webapp.voting.models import Vote

pytestmark = pytest.mark.any_database


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Lake Riders", slug="lake", zone="Europe/Lisbon")


@pytest.mark.parametrize(
    ("action", "column", "lowest"),
    [(a, c, role) for a, (c, roles) in access.CHOICES.items() for role in roles],
)
def test_permission_checks_use_the_groups_settings(ana, ben, cem, dia, action, column, lowest):
    group = factories.group(ana, ben)
    factories.membership(group, cem, MODERATOR)
    factories.membership(group, dia, ORGANIZER)
    permissions.update(group, by=ana, **{column: lowest})
    db.session.commit()
    people = {OWNER: ana, ORGANIZER: dia, MODERATOR: cem, MEMBER: ben}

    may = {role for role, person in people.items() if access.can(person, action, group)}
    assert may == set(ROLES[: ROLES.index(lowest) + 1])
    assert access.table_of(group).actions[action] == may
    assert not access.can(factories.user(), action, group)


def test_only_options_in_the_table_can_be_chosen(ana, group):
    with pytest.raises(ValueError, match="may_see_members"):
        permissions.update(group, by=ana, may_see_members=ORGANIZER)
    with pytest.raises(KeyError):
        permissions.update(group, by=ana, name="Mine")


def test_other_groups_keep_their_settings(ana, ben, group):
    other = factories.group(ana, ben)
    permissions.update(group, by=ana, may_create_events=MEMBER)

    assert access.can(ben, "group:create_event", group)
    assert not access.can(ben, "group:create_event", other)
    assert access.overrides(group) == {"group:create_event"}
    assert access.overrides(other) == frozenset()


def test_permissions_can_be_changed_on_the_page_and_appear_in_the_roles_table(
    browser, group, ana, ben
):
    page = browser(ana)
    page.get("/groups/lake/manage/settings")
    page.submit("/settings", may_create_events=MEMBER, may_see_members=MODERATOR)
    assert "Saved." in page.text

    page.get("/groups/lake/roles")
    rows = {row.th.get_text(" ", strip=True): row for row in page.page.find_all("tr")[1:]}
    row = next(row for words, row in rows.items() if words.startswith("Create an event"))
    assert "set by this group" in row.th.get_text()
    assert len(row.find_all("svg")) == 4
    assert (
        page.post("/groups/lake/manage/settings", {"may_create_events": "stranger"}).status_code
        == 422
    )
    assert (
        browser(ben).post("/groups/lake/manage/settings", {"may_create_events": MEMBER}).status_code
        == 403
    )


def test_members_can_create_events_and_votes_if_the_group_allows_it(browser, group, ana, ben):
    page = browser(ben)
    page.get("/groups/lake")
    assert "Create event" not in page.text
    with pytest.raises(UserError, match="Your role"):
        planning.create(plan(), by=ben, group=group)
    assert vote_access.groups_for_votes(ben) == []
    db.session.rollback()
    permissions.update(group, by=ana, may_create_events=MEMBER, may_create_votes=MEMBER)
    db.session.commit()

    page.get("/groups/lake")
    assert "Create event" in page.text
    assert "Create vote" in page.text
    assert page.get("/events/new?group=lake").status_code == 200
    assert page.get("/votes/new?group=lake").status_code == 200
    event = planning.create(plan(), by=ben, group=db.session.get(Group, group.id))
    db.session.commit()
    assert page.get(f"/events/{event.slug}/edit").status_code == 200, "and runs it"
    assert making.vote(group, ben).author_id == ben.id


def test_the_list_of_members_can_be_limited_to_moderators(browser, group, ana, ben):
    permissions.update(group, by=ana, may_see_members=MODERATOR)
    db.session.commit()
    page = browser(ben)

    assert page.get("/groups/lake/members").status_code == 403
    page.get("/groups/lake")
    assert '"/groups/lake/members"' not in page.answer.get_data(as_text=True)
    assert "Ana Souza" in page.text, "who looks after it is still said"
    assert browser(ana).get("/groups/lake/members").status_code == 200
    ownership.offer(reads.membership_of(group, ben), by=ana)
    db.session.commit()
    assert "Become an owner of" in page.get("/groups/lake/ownership").get_data(as_text=True)


def test_the_roles_table_of_a_closed_group_is_for_its_members(browser, ana, ben, cem, visitor):
    factories.group(ana, ben, slug="shut", visibility=CLOSED, join_policy="approve")

    assert browser(ben).get("/groups/shut/roles").status_code == 200
    assert browser(cem).get("/groups/shut/roles").status_code == 403
    assert visitor.get("/groups/shut/roles").status_code == 403


def test_a_new_event_starts_with_the_groups_defaults(browser, group, ana):
    page = browser(ana)
    page.get("/groups/lake/manage/events")
    page.submit(
        "/manage/events",
        audience="group",
        capacity="12",
        max_plus_ones="2",
        rsvp_deadline_hours="24",
        promotion="offer",
        shows_attendees=None,
    )
    assert "Defaults for new events saved." in page.text

    page.get("/events/new?group=lake")
    form = {
        field["name"]: field.get("value") for field in page.page.find_all("input", checked=True)
    }
    assert (form["audience"], form["promotion"], "shows_attendees" in form) == (
        "group",
        "offer",
        False,
    )
    assert page.page.find("input", id="capacity")["value"] == "12"
    assert "If empty: 1 day before the start" in page.text
    page.submit(
        "/events",
        button="Save draft",
        title="A ride",
        starts="2031-05-01T10:00",
        ends="2031-05-01T12:00",
    )
    event = db.session.query(Event).filter_by(title="A ride").one()
    assert (event.capacity, event.max_plus_ones, event.audience, event.shows_attendees) == (
        12,
        2,
        "group",
        False,
    )
    assert time_zones.wall(event.rsvp_deadline, "Europe/Lisbon") == datetime(2031, 4, 30, 10)


def test_event_defaults_change_neither_existing_events_nor_events_without_group(
    browser, group, ana
):
    event = factories.event(ana, group)
    event_defaults.save(
        group,
        by=ana,
        audience="group",
        capacity=5,
        max_plus_ones=1,
        promotion="offer",
        shows_attendees=False,
        allows_guests=False,
        rsvp_deadline_hours=None,
    )
    db.session.commit()
    page = browser(ana)

    page.get(f"/events/{event.slug}/edit")
    assert not page.page.find("input", id="capacity").get("value")
    page.get("/events/new")
    assert not page.page.find("input", id="capacity").get("value")


def test_event_defaults_of_an_open_group_are_adapted_when_it_closes(browser, group, ana):
    given = {
        "capacity": None,
        "max_plus_ones": 0,
        "promotion": "automatic",
        "shows_attendees": True,
        "allows_guests": True,
        "rsvp_deadline_hours": None,
    }
    event_defaults.save(group, by=ana, audience="everyone", **given)
    group.visibility, group.join_policy = CLOSED, "approve"
    db.session.commit()

    page = browser(ana)
    page.get("/events/new?group=lake")
    assert [
        radio["value"]
        for radio in page.page.find_all("input", attrs={"name": "audience"}, checked=True)
    ] == ["group"]
    assert page.get("/groups/lake/manage/events").status_code == 200


def test_a_new_vote_starts_with_the_groups_defaults(browser, group, ana):
    page = browser(ana)
    page.get("/groups/lake/manage/votes")
    page.submit(
        "/manage/votes", kind="approval", results="after_close", electorate="members", days="7"
    )
    assert "Saved. New votes in this group start with these settings." in page.text

    page.get("/votes/new?group=lake")
    assert page.page.select_one(".kinds [aria-pressed=true] b").get_text() == "Several choices"
    last = time_zones.wall(clock.now(), "Europe/Lisbon").date() + timedelta(days=7)
    assert page.page.find("input", id="closes")["value"] == f"{last.isoformat()}T20:00"
    page.submit(title="Which bell?", options="Brass\nSteel")
    vote = db.session.query(Vote).filter_by(title="Which bell?").one()
    assert (vote.kind, vote.results) == ("approval", "after_close")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("events", {"audience": "nobody"}),
        ("events", {"audience": "group", "promotion": "automatic", "capacity": "0"}),
        ("events", {"audience": "group", "promotion": "automatic", "max_plus_ones": "99"}),
        ("votes", {"kind": "lots", "results": "always", "electorate": "members"}),
        ("votes", {"kind": "single", "results": "always", "electorate": "members", "days": "99"}),
    ],
)
def test_invalid_settings_are_refused_with_the_form(browser, group, ana, path, data):
    assert browser(ana).post(f"/groups/lake/manage/{path}", data).status_code == 422
