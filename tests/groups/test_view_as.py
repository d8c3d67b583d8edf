"""“View as” shows a group exactly as others get it, and leaves no trace."""

import re

import pytest

from tests import factories
from tests.voting import making
from webapp.conversation import threads
from webapp.core.extensions import db
from webapp.core.http import view_as
from webapp.groups import managing
from webapp.groups.models import APPROVE, CLOSED, INVITE, MODERATOR, OPEN, SECRET, Group

PAGES = {
    "about": "/groups/lake",
    "members": "/groups/lake/members",
    "conversation": "/groups/lake/conversation",
    "events": "/events?group=lake",
    "votes": "/votes?group=lake",
}
GROUPS = {OPEN: APPROVE, CLOSED: APPROVE, SECRET: INVITE}


@pytest.fixture
def group(ana, ben, request):
    visibility = getattr(request, "param", OPEN)
    words = {
        "description": "We ride.",
        "code_of_conduct": "Wear a helmet.",
        "code_version": 2,
        "may_see_members": "member",
    }
    group = factories.group(
        ana,
        ben,
        name="Lake Riders",
        slug="lake",
        visibility=visibility,
        join_policy=GROUPS[visibility],
        **words,
    )
    audience = "everyone" if visibility == OPEN else "group"
    factories.event(ana, group, title="Round the lake", audience=audience)
    factories.event(ana, group, title="For us alone", audience="group")
    factories.event(ana, group, title="A draft", audience="group", state="draft")
    making.vote(group, ana, title="Which bell?")
    threads.start(group, ana, "Whose pump is this?", "It lay at the weir.")
    db.session.commit()
    return group


def alike(text):
    """Return the page without the line at the top, the scripts, which previews don't have, and what
    is random.
    """
    text = re.sub(r'<aside class="viewing".*?</aside>', "", text, flags=re.DOTALL)
    text = re.sub(r"<script\b[^>]*></script>\n?", "", text)
    text = re.sub(r'(name="(csrf_token|once)" value=")[^"]*', r"\1", text)
    return re.sub(r'(class="mono">)[0-9a-f]{8}', r"\1", text)


def shown(page, who, part):
    answer = page.get(f"/groups/lake/manage/as/{who}?part={part}")
    assert answer.status_code == 200
    return alike(answer.get_data(as_text=True))


@pytest.mark.parametrize("group", [OPEN, CLOSED], indirect=True)
@pytest.mark.parametrize("part", ["about", "events"])
def test_view_as_visitor_shows_exactly_what_a_visitor_gets(browser, group, ana, part):
    real = browser().get(PAGES[part]).get_data(as_text=True)

    seen = shown(browser(ana), "visitor", part)
    assert seen == alike(real)
    assert ("For us alone" in seen, "A draft" in seen) == (False, False)


@pytest.mark.parametrize("group", [OPEN, CLOSED, SECRET], indirect=True)
@pytest.mark.parametrize("part", PAGES)
def test_view_as_member_shows_exactly_what_a_member_gets(browser, group, ana, part, monkeypatch):
    theirs = {
        "first_name": "Any",
        "last_name": "Member",
        "handle": "any-member",
        "email": "any@member.invalid",
        "profile_visibility": "nobody",
    }
    person = factories.user(**theirs, zone=ana.zone, locale=ana.locale)
    group = db.session.get(Group, group.id)
    held = factories.membership(group, person)
    held.created_at, held.code_version = group.created_at.replace(year=2020), group.code_version
    db.session.commit()
    is_preview = managing._member(group, ana)
    is_preview.id = person.id  # avatars, ids and stream URLs are derived from it
    monkeypatch.setattr(managing, "new_id", lambda: person.id)

    seen = shown(browser(ana), "member", part)
    assert seen == alike(browser(person).get(PAGES[part]).get_data(as_text=True))
    assert "A draft" not in seen


@pytest.mark.parametrize("group", [SECRET], indirect=True)
def test_view_as_visitor_shows_the_404_of_a_secret_group(browser, group, ana):
    real = browser().get("/groups/lake")
    assert real.status_code == 404
    page = browser(ana)

    assert shown(page, "visitor", "about") == alike(real.get_data(as_text=True))
    assert "so non-members see this page instead" in page.text


def test_control_ones_own_view_differs(browser, group, ana):
    page = browser(ana)
    own = page.get("/groups/lake").get_data(as_text=True)

    assert shown(page, "visitor", "about") != alike(own) != shown(page, "member", "about")
    assert "Manage group" in own


def test_view_as_forms_cannot_be_sent_and_leave_no_trace(browser, group, ana):
    page = browser(ana)
    page.get("/groups/lake")
    answer = page.get("/groups/lake/manage/as/member")

    policy = answer.headers["Content-Security-Policy"]
    assert "form-action 'none'" in policy
    assert "script-src 'none'" in policy
    assert "<script" not in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert "Manage group" in page.get("/groups/lake").text, "the next page is one's own again"
    assert db.session.query(type(ana)).filter_by(handle="any-member").count() == 0


def test_tokens_in_view_as_pages_are_not_valid(browser, app, group, ana, cem):
    with app.test_request_context("/groups/lake/manage"):
        stranger = view_as.render_as(cem, "/groups/lake").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', stranger)
    assert token, "a stranger is shown the form in which they ask to join"
    data = {"csrf_token": token[1], "message": "Hello"}

    assert browser(cem).post("/groups/lake/request", data, csrf=False).status_code == 400
    assert browser(ana).post("/groups/lake/membership/removal", data, csrf=False).status_code == 400


def test_view_as_visitor_says_where_visitors_are_asked_to_sign_in(browser, group, ana):
    page = browser(ana)
    assert (
        "They’re asked to sign in" in page.get("/groups/lake/manage/as/visitor?part=members").text
    )
    assert "They’re asked to sign in" in page.get("/groups/lake/manage/as/visitor?part=votes").text


def test_moderators_can_use_view_as_and_members_cannot(browser, group, ben, cem):
    factories.membership(group, cem, MODERATOR)

    assert browser(cem).get("/groups/lake/manage/as/member").status_code == 200
    assert browser(ben).get("/groups/lake/manage/as/member").status_code == 403
    assert browser(ben).post("/groups/lake/manage/as/member").status_code == 405


def test_view_as_member_shows_that_the_list_of_members_is_closed(browser, group, ana):
    group.may_see_members = MODERATOR
    db.session.commit()
    page = browser(ana)

    assert "Members" not in [link.get_text() for link in tabs(page, "about")]
    assert "403" in shown(page, "member", "members")


def tabs(page, part):
    page.get(f"/groups/lake/manage/as/member?part={part}")
    return page.page.find("nav", class_="tabs").find_all("a")
