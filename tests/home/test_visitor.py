"""The home page of a visitor."""

from datetime import timedelta

import pytest

from tests import factories
from tests.browser_like import ORIGIN
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import CANCELLED, DRAFT, GROUP, LINK
from webapp.groups.models import CLOSED, INVITE, SECRET


def test_the_page_introduces_the_site_without_cookie_or_form(visitor):
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "A meeting place of your own" in visitor.text
    assert visitor.page.find("form", method="post") is None
    assert "No groups or events yet" in visitor.text


def test_the_page_is_cacheable_and_revalidated_by_its_etag(visitor):
    answer = visitor.get("/")
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1, must-revalidate"
    assert answer.headers["ETag"].startswith('W/"')
    again = visitor.get("/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_the_etag_changes_with_the_content(visitor, ana):
    before = visitor.get("/").headers["ETag"]
    factories.event(ana, title="Harbour songs")
    answer = visitor.get("/", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert "Harbour songs" in visitor.text


def test_events_are_shown_in_their_own_time_zone(visitor, ana):
    starts = (clock.now() + timedelta(days=9)).replace(hour=22, minute=30, second=0, microsecond=0)
    factories.event(
        ana,
        title="Night swim",
        zone="Asia/Tokyo",
        starts_at=starts,
        venue="Zushi",
        capacity=4,
        seats_taken=3,
    )
    visitor.get("/")
    card = visitor.page.find("article")
    assert "07:30" in card.get_text()
    assert "Zushi" in card.get_text()
    assert "1 seat left" in card.get_text()
    assert card.a["href"] == "/events/night-swim"


@pytest.mark.parametrize(
    "values",
    [
        {"state": DRAFT},
        {"state": CANCELLED},
        {"audience": GROUP},
        {"audience": LINK},
        {"deleted_at": clock.now()},
    ],
    ids=["draft", "cancelled", "for the group", "for whoever has the link", "deleted"],
)
def test_events_that_are_not_public_are_hidden(visitor, ana, values):
    factories.event(ana, factories.group(ana), title="Hidden supper", **values)
    visitor.get("/")
    assert "Hidden supper" not in visitor.text


def test_ended_events_and_secret_groups_with_their_events_are_hidden(visitor, ana):
    factories.event(ana, title="Long ago", starts_at=clock.now() - timedelta(days=2))
    secret = factories.group(ana, name="Whisperers", visibility=SECRET, join_policy=INVITE)
    factories.event(ana, secret, title="Whispered supper")
    visitor.get("/")
    for words in ("Long ago", "Whisperers", "Whispered supper"):
        assert words not in visitor.text


def test_groups_are_shown_with_their_member_count_and_a_link_to_all(visitor, ana, ben):
    factories.group(ana, ben, name="Moss Walkers", location="Kyoto", summary="Slow walks.")
    factories.group(ana, name="Vila Nova", visibility=CLOSED, join_policy=INVITE)
    visitor.get("/")
    assert "Kyoto · 2 members" in visitor.text
    assert "Vila Nova" in visitor.text
    for _number in range(6):
        factories.group(ana)
    visitor.get("/")
    assert "All groups" in visitor.text
    assert len(visitor.page.select("ul.groups > li")) == 6


def test_the_page_takes_the_same_statements_for_three_items_as_for_one(visitor, ana, statements_of):
    factories.event(ana, factories.group(ana))
    few = statements_of(lambda: visitor.get("/"))
    for _number in range(2):
        factories.event(ana, factories.group(ana))
    db.session.commit()
    assert statements_of(lambda: visitor.get("/")) == few <= 2


def test_the_web_manifest_has_the_sites_name_and_icons(visitor, context):
    site_settings.write("SITE_NAME", "Riverside")
    db.session.commit()
    answer = visitor.get("/site.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert "Set-Cookie" not in answer.headers
    assert answer.json["name"] == "Riverside"
    assert [icon["sizes"] for icon in answer.json["icons"]] == ["192x192", "512x512"]
    visitor.get("/")
    linked = [
        visitor.page.select_one(f"link[rel='{rel}']")["href"]
        for rel in ("apple-touch-icon", "icon")
    ]
    for path in linked + [icon["src"] for icon in answer.json["icons"]]:
        assert visitor.client.get(path, base_url=ORIGIN).status_code == 200, path
    assert visitor.page.select_one("link[rel='manifest']")["href"] == "/site.webmanifest"


def test_public_pages_have_a_meta_description(visitor, ana):
    group = factories.group(ana, summary="Looking after the weir.")
    event = factories.event(ana, title="Harbour songs", summary="Bring a lamp.")
    secret = factories.group(ana, summary="Nobody knows.", visibility=SECRET, join_policy=INVITE)
    about = {}
    for path in ("/", "/events", "/groups", "/help/votes", group.path, event.path, "/sign-up"):
        visitor.get(path)
        (line,) = visitor.page.select("meta[name='description']")
        about[path] = line["content"]
    assert about[group.path] == "Looking after the weir."
    assert about[event.path] == "Bring a lamp."
    assert len(set(about.values())) == len(about)
    assert "Nobody knows" not in visitor.get(secret.path).get_data(as_text=True)
