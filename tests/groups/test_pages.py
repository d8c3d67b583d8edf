"""The pages of groups, as a browser gets them."""

import pytest

from tests import factories
from tests.voting import making
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups import access, categories, groups, reads, requests
from webapp.groups.models import (
    APPROVE,
    CLOSED,
    INVITE,
    MEMBER,
    MODERATOR,
    ORGANIZER,
    SECRET,
    Group,
    GroupSlug,
)


def role(user, group):
    access.forget_roles()
    return access.role_of(user, group)


def test_a_group_is_created_edited_and_renamed_with_its_forms(browser, ana):
    categories.ensure_defaults()
    db.session.commit()
    page = browser(ana)
    page.get("/groups/new")
    page.submit(
        "/groups",
        name="Lakeside Cyclists",
        summary="We ride",
        description="**Karibu**",
        zone="Africa/Nairobi",
    )
    assert page.path == "/groups/lakeside-cyclists"
    assert "Lakeside Cyclists is ready. Invite people to join." in page.text
    assert page.page.find("a", href="/groups/lakeside-cyclists/manage/invitations")
    assert "<strong>Karibu</strong>" in page.answer.text

    page.get("/groups/lakeside-cyclists/edit")
    page.submit("/edit", name="Lake Riders", slug="lake-riders")
    assert page.path == "/groups/lake-riders"
    assert "Lake Riders" in page.text

    old = page.get("/groups/lakeside-cyclists")
    assert (old.status_code, old.headers["Location"]) == (303, "/groups/lake-riders")
    deep = page.get("/groups/lakeside-cyclists/members?q=ana")
    assert deep.headers["Location"] == "/groups/lake-riders/members?q=ana"
    assert page.post("/groups/lakeside-cyclists/membership").status_code == 404


def test_a_refused_form_keeps_what_was_typed(browser, ana):
    page = browser(ana)
    page.get("/groups/new")
    answer = page.submit(
        "/groups",
        name="",
        summary="We ride",
        description="Two\nlines",
        visibility=SECRET,
        join_policy="join",
    )

    assert answer.status_code == 422
    assert page.page.title.get_text().startswith("Error:")
    assert page.page.find(id="summary")["value"] == "We ride"
    assert "Two\nlines" in page.page.find(id="description").get_text()
    assert "Enter a name for the group." in page.text

    answer = page.submit("/groups", name="Lake")
    assert answer.status_code == 422
    assert "Choose another way to join." in page.text


def test_an_outdated_form_is_refused_and_can_be_sent_again(browser, ana):
    group = factories.group(ana, name="Lake Riders")
    page = browser(ana)
    page.get("/groups/lake-riders/edit")
    groups.edit(
        group,
        by=ana,
        version=1,
        name="Shore Riders",
        visibility="open",
        join_policy="join",
        categories=[],
    )
    db.session.commit()

    answer = page.submit("/edit", name="My Riders")
    assert answer.status_code == 409
    assert "Someone else changed this group" in page.text
    assert page.page.find(id="name")["value"] == "My Riders"

    assert page.submit("/edit").status_code == 200
    db.session.expire_all()
    assert group.name == "My Riders"


def test_the_create_page_follows_the_group_creation_setting(browser, app, ana, dia, monkeypatch):
    monkeypatch.setitem(app.config, "GROUP_CREATION", "admins")

    assert browser(ana).get("/groups/new").status_code == 403
    assert browser(ana).post("/groups", {"name": "Lake"}).status_code == 403
    assert "Start a group" not in browser(ana).get("/groups").text
    assert browser(dia).get("/groups/new").status_code == 200


def test_joining_works_without_scripts(browser, ana, ben):
    group = factories.group(ana, welcome="Karibu!")
    page = browser(ben)
    page.get(f"/groups/{group.slug}")
    page.submit("/membership")

    assert page.path == f"/groups/{group.slug}"
    assert "Karibu!" in page.text
    assert role(ben, group) == MEMBER

    page.get(f"/groups/{group.slug}/membership/removal")
    page.submit("/removal")
    assert "You’ve left" in page.text
    assert role(ben, group) is None


def test_joining_says_so_where_the_group_has_no_welcome(browser, ana, ben):
    group = factories.group(ana)
    page = browser(ben)
    page.get(f"/groups/{group.slug}")

    page.submit("/membership")

    assert f"You’ve joined {group.name}." in page.text
    assert "2 members" in page.text
    assert page.page.find("a", href=f"/groups/{group.slug}/conversation")


@pytest.mark.parametrize(
    ("role", "invites"), [(ORGANIZER, True), (MODERATOR, False), (MEMBER, False)]
)
def test_only_people_who_may_invite_see_the_button(browser, ana, ben, visitor, role, invites):
    group = factories.group(ana)
    factories.membership(group, ben, role)
    db.session.commit()
    page, path = browser(ben), f"/groups/{group.slug}"
    page.get(path)
    visitor.get(path)

    assert bool(page.page.find("a", href=f"{path}/manage/invitations")) is invites
    assert not visitor.page.find("a", href=f"{path}/manage/invitations")


def test_a_request_to_join_can_be_sent_and_withdrawn(browser, ana, ben):
    group = factories.group(ana, join_policy=APPROVE)
    page = browser(ben)
    page.get(f"/groups/{group.slug}")
    page.submit("/request", message="I have a bicycle")
    assert "You asked to join" in page.text

    page.submit("/withdrawal")
    assert "Ask to join" in page.text
    assert reads.requests_of(group) == []


def test_an_overlong_message_is_refused_in_the_box_and_kept(browser, ana, ben):
    group = factories.group(ana, join_policy=APPROVE)
    page = browser(ben)
    words = "x" * 1001
    answer = page.post(f"/groups/{group.slug}/request", {"message": words})

    assert answer.status_code == 422
    assert page.page.find(id="membership").find("textarea").get_text(strip=True) == words


def test_the_last_owner_is_told_why_they_cannot_leave(browser, ana):
    group = factories.group(ana)
    answer = browser(ana).post(f"/groups/{group.slug}/membership/removal")

    assert answer.status_code == 422
    assert "Offer someone ownership before you leave." in answer.text


def test_leaving_a_secret_group_redirects_out_of_it(browser, ana, ben):
    group = factories.group(ana, ben, visibility=SECRET, join_policy=INVITE)
    page = browser(ben)
    answer = page.post(f"/groups/{group.slug}/membership/removal")

    assert answer.headers["Location"] == "/groups"


def test_deleting_asks_for_confirmation_and_can_be_undone(browser, ana, ben):
    group = factories.group(ana, ben, name="Lake Riders")
    page = browser(ana)
    assert "An owner can restore it for 30 days." in page.get("/groups/lake-riders/deletion").text
    page.submit("/deletion")
    assert page.path == "/groups/deleted"
    assert "Restore" in page.text
    assert "1 of your groups is deleted" in page.get("/groups?view=mine").get_data(as_text=True)
    page.get("/groups/deleted")
    assert browser(ben).get("/groups/lake-riders").status_code == 404
    assert "is deleted" not in browser(ben).get("/groups?view=mine").text
    assert "Restore" not in browser(ben).get("/groups/deleted").text
    assert browser(ben).post("/groups/lake-riders/restoration").status_code == 404

    page.submit("/restoration")
    assert page.path == "/groups/lake-riders"
    assert role(ben, group) == MEMBER


def test_the_directory_search_works_as_page_and_partial(visitor, ana):
    factories.group(ana, name="Repair Café")
    factories.group(ana, name="Lake Riders")

    visitor.get("/groups?q=CAFE")
    assert "Repair Café" in visitor.text
    assert "Lake Riders" not in visitor.text
    visitor.fragment("/groups?q=riders", "div#listing")
    assert visitor.page.find()["id"] == "listing"
    assert "Lake Riders" in visitor.text
    visitor.get("/groups?q=nothing")
    assert "No groups found" in visitor.text
    for odd in ("%27%22--", "%00", "%25", "a" * 500):
        assert visitor.get(f"/groups?q={odd}&topic={odd}&page={odd}").status_code == 200


def test_a_visitor_gets_no_cookie_and_no_post_form(visitor, ana):
    group = factories.group(ana)
    for path in ("/groups", f"/groups/{group.slug}", "/roles"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert 'method="post"' not in answer.text
    assert f"/sign-in?next=/groups/{group.slug}" in visitor.get(f"/groups/{group.slug}").text


def test_a_closed_group_shows_outsiders_no_content(browser, visitor, ana, ben, cem):
    texts = {"name": "Lake Riders", "summary": "By the lake", "description": "Inside"}
    group = factories.group(ana, ben, visibility=CLOSED, join_policy=APPROVE, **texts)
    for page in (visitor, browser(cem)):
        page.get("/groups/lake-riders")
        for words in ("Lake Riders", "By the lake", "2 members"):
            assert words in page.text
        for words in (
            "Inside",
            "Ana Souza",
            "Ben Okafor",
            "Coming up",
            "Open votes",
            "live_topics",
        ):
            assert words not in page.text
        assert f"group:{group.id}" not in page.answer.text
    inside = browser(ben)
    inside.get("/groups/lake-riders")
    assert "Inside" in inside.text
    assert "Ana Souza" in inside.text


def paths(app, group):
    """Return every path below a group, with well-formed ids."""
    some = {
        "slug": group.slug,
        "membership_id": group.id,
        "request_id": group.id,
        "question_id": group.id,
        "source_id": group.id,
        "item_id": group.id,
        "case_id": group.id,
        "who": "visitor",
        "what": "renewal",
        "ban_id": group.id,
        "invited_id": group.id,
        "thread_id": group.id,
        "reply_id": group.id,
        "image_id": group.id,
        "picture": group.id,
        "size": 320,
    }
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/groups/<slug>"):
                url = rule.build({name: some[name] for name in rule.arguments})[1]
                yield ("POST" if "POST" in rule.methods else "GET"), url


@pytest.mark.parametrize("old", [False, True])
def test_every_page_of_a_secret_group_is_404_for_outsiders(
    app, browser, visitor, ana, ben, cem, dia, old
):
    group = factories.group(ana, ben, name="Quiet Ones", visibility=SECRET, join_policy=INVITE)
    db.session.add(GroupSlug(slug="silent-ones", group_id=group.id))
    db.session.commit()
    found = list(paths(app, group))
    assert len(found) > 15
    for person in (cem, dia):
        page = browser(person)
        for method, path in found:
            path = path.replace("quiet-ones", "silent-ones") if old else path
            answer = page.get(path) if method == "GET" else page.post(path)
            assert answer.status_code == 404, (method, path)
            assert "Quiet" not in answer.text
    assert visitor.get("/groups/quiet-ones").status_code == 404
    for page in (visitor, browser(cem), browser(dia)):
        assert "Quiet Ones" not in page.get("/groups?q=quiet").text
        assert "Quiet Ones" not in page.get("/groups").text
    assert "Quiet Ones" in browser(ben).get("/groups").text


def test_an_address_with_a_null_byte_gets_404(visitor, app):
    assert visitor.get("/groups/%00").status_code == 404


def test_user_text_is_escaped(browser, ana, ben):
    evil = "<script>alert(1)</script>"
    texts = {
        "name": evil,
        "summary": evil,
        "location": evil,
        "description": f"{evil} [x](javascript:alert(1))",
    }
    group = factories.group(ana, slug="evil", join_policy=APPROVE, **texts)
    requests.ask(group, by=ben, message=evil)
    db.session.commit()
    page = browser(ana)
    for path in ("/groups", "/groups/evil", "/groups/evil/edit", "/groups/evil/members"):
        html = page.get(path).text
        assert "<script>alert" not in html
        assert 'href="javascript:' not in html


def test_the_roles_page_shows_the_permission_table(visitor, app):
    from webapp.core.http.permissions import TABLES

    visitor.get("/roles")
    table = TABLES["group"]
    rows = visitor.page.find(id="table-group").find_parent("section").find("tbody").find_all("tr")
    assert len(rows) == len(table.actions)
    for row, roles in zip(rows, table.actions.values(), strict=True):
        drawn = [cell.find("svg") is not None for cell in row.find_all("td")]
        assert drawn == [name in roles for name, _ in table.roles]


def test_a_group_has_at_most_three_topics(browser, ana):
    categories.ensure_defaults()
    db.session.commit()
    ids = [str(topic.id) for topic in reads.categories()]
    page = browser(ana)
    page.get("/groups/new")
    assert page.submit("/groups", name="Lake", topics=ids[:4]).status_code == 422
    assert "Choose up to three topics." in page.text
    page.submit("/groups", name="Lake", topics=ids[:3])
    assert len(db.session.query(Group).one().categories) == 3


def test_a_deleted_group_can_be_restored_until_it_is_purged(browser, ana):
    factories.group(ana, name="Lake", deleted_at=clock.now())
    page = browser(ana)
    page.get("/groups/deleted")
    assert "gone for good on" in page.text


def test_the_page_shows_events_and_votes_to_those_who_can_see_them(browser, visitor, ana, ben, cem):
    garden = factories.group(ana, ben, name="Garden")
    factories.event(ana, garden, title="Open harvest")
    factories.event(ana, garden, title="Inner circle", audience="group")
    making.vote(garden, ana, title="Which seeds?")

    def titles(reader):
        reader.get(garden.path)
        return {link.get_text() for link in reader.page.select("main h3 a")}

    assert titles(browser(ben)) == {"Open harvest", "Inner circle", "Which seeds?"}
    assert titles(visitor) == {"Open harvest"}
    garden.visibility, garden.join_policy = CLOSED, INVITE
    db.session.commit()
    assert titles(browser(cem)) == titles(visitor) == set()
