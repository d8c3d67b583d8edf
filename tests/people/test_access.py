"""Who sees a person's profile and picture: those the person chose, and no list reveals more."""

from io import BytesIO

import pytest

from tests import factories, images
from webapp.accounts.models import EVERYONE, GROUPS, NOBODY
from webapp.core.extensions import db
from webapp.core.http import uploads
from webapp.core.storage import pictures
from webapp.core.time import clock
from webapp.events.models import GOING, Rsvp
from webapp.groups.models import APPROVE, CLOSED, INVITE, JOIN, OPEN, SECRET
from webapp.people import profiles


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="River walkers")


@pytest.fixture
def ana_shown(ana, group):
    """A function that sets who can see Ana, who has a picture, and returns the URLs of her page and
    of the picture.
    """
    profiles.picture(ana, images.encoded())
    db.session.commit()

    def to(whom):
        ana.profile_visibility = whom
        db.session.commit()
        return "/people/ana-souza", f"/people/ana-souza/picture/{ana.picture}/96"

    return to


#: who sees Ana: by her choice, for a visitor, Cem (a stranger), Dia (a site admin), Ben (in her
#: group), herself
SEEN = {
    EVERYONE: (200, 200, 200, 200, 200),
    GROUPS: (404, 404, 404, 200, 200),
    NOBODY: (404, 404, 404, 404, 200),
}


@pytest.mark.parametrize("profile_visibility", SEEN)
def test_profile_and_picture_are_visible_to_the_chosen_audience(
    ana_shown, ana, ben, cem, dia, browser, profile_visibility
):
    addresses = ana_shown(profile_visibility)
    tabs = [browser(person) for person in (None, cem, dia, ben, ana)]

    for address in addresses:
        assert tuple(tab.get(address).status_code for tab in tabs) == SEEN[profile_visibility]


@pytest.mark.parametrize("profile_visibility", SEEN)
def test_lists_show_link_and_picture_only_to_those_who_can_see_the_profile(
    ana_shown, group, ana, ben, cem, browser, profile_visibility
):
    page, picture = ana_shown(profile_visibility)
    event = factories.event(ben, group, audience="everyone")
    for person in (ana, cem):
        db.session.add(
            Rsvp(
                event_id=event.id, user_id=person.id, state=GOING, party=1, answered_at=clock.now()
            )
        )
    event.seats_taken = 2
    db.session.commit()
    for person, paths in {
        None: ["/groups/river-walkers"],
        cem: ["/groups/river-walkers", event.path],
        ben: ["/groups/river-walkers", "/groups/river-walkers/members", event.path],
    }.items():
        tab = browser(person)
        may = tab.get(page).status_code == 200
        for path in paths:
            tab.get(path)
            assert "Ana Souza" in tab.text
            assert bool(tab.page.find("a", href=page)) == may, (path, person)
            shown = {image["src"].rpartition("/")[0] for image in tab.page.select("main .av img")}
            assert shown == ({picture.rpartition("/")[0]} if may else set()), (path, person)


def test_a_deleted_group_does_not_count_as_shared(ana_shown, group, ben, browser):
    page, picture = ana_shown(GROUPS)
    group.deleted_at = clock.now()
    db.session.commit()

    assert browser(ben).get(page).status_code == browser(ben).get(picture).status_code == 404


@pytest.mark.parametrize("column", ["deactivated_at", "verified_at", "approved_at"])
def test_an_inactive_account_has_no_profile(ana_shown, ana, ben, browser, column):
    addresses = ana_shown(EVERYONE)
    setattr(ana, column, clock.now() if column == "deactivated_at" else None)
    db.session.commit()

    for address in addresses:
        assert browser(ben).get(address).status_code == 404


@pytest.mark.parametrize(
    "path", ["/people/nobody-here", "/people/a%00b", "/people/Ana-Souza-X", "/people/%F0%9F%90%98"]
)
def test_an_unknown_handle_gets_404(visitor, path):
    assert visitor.get(path).status_code == 404


def test_a_picture_gets_404_under_another_persons_handle(ana_shown, ana, ben, browser):
    ana_shown(EVERYONE)

    assert browser(ben).get(f"/people/ben-okafor/picture/{ana.picture}/96").status_code == 404


def test_profiles_are_not_indexed(ana_shown, visitor):
    page, picture = ana_shown(EVERYONE)
    visitor.get(page)

    assert visitor.page.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert "Set-Cookie" not in visitor.answer.headers
    assert visitor.get(picture).headers["X-Robots-Tag"] == "noindex"


def test_a_profile_names_only_groups_its_reader_can_see(ana, ben, cem, browser, visitor):
    for name, way in {OPEN: JOIN, CLOSED: APPROVE, SECRET: INVITE}.items():
        factories.group(
            ana,
            *([ben] if name == SECRET else []),
            name=f"{name} ones",
            visibility=name,
            join_policy=way,
        )
    deleted = factories.group(ana, name="deleted ones")
    deleted.deleted_at = clock.now()
    profile = profiles.profile_of(ana)
    profile.shows_groups, ana.profile_visibility = True, EVERYONE
    db.session.add(profile)
    db.session.commit()

    def named(tab):
        tab.get("/people/ana-souza")
        return {name for name in (OPEN, CLOSED, SECRET, "deleted") if f"{name} ones" in tab.text}

    assert named(visitor) == named(browser(cem)) == {OPEN, CLOSED}
    assert named(browser(ben)) == named(browser(ana)) == {OPEN, CLOSED, SECRET}
    profile.shows_groups = False
    db.session.commit()
    assert named(visitor) == set()


@pytest.fixture
def pictured(app, ana, browser):
    """A function that creates a group of Ana's with a picture and this visibility, and returns the
    picture's URL in one size.
    """

    def make(visibility):
        way = {OPEN: JOIN, CLOSED: APPROVE, SECRET: INVITE}[visibility]
        group = factories.group(
            ana, name=f"{visibility} ones", visibility=visibility, join_policy=way
        )
        tab = browser(ana)
        tab.get(f"/groups/{group.slug}/edit")
        tab.submit("/edit", picture=(BytesIO(images.encoded()), "us.jpg"))
        db.session.refresh(group)
        assert group.picture is not None
        return group

    return make


@pytest.mark.parametrize(("visibility", "outside"), [(OPEN, 200), (CLOSED, 200), (SECRET, 404)])
def test_a_groups_picture_is_visible_to_those_who_see_the_group(
    pictured, ana, cem, browser, visitor, visibility, outside
):
    group = pictured(visibility)
    for size in pictures.COVER.sizes:
        path = f"/groups/{group.slug}/picture/{group.picture}/{size}"
        assert [tab.get(path).status_code for tab in (visitor, browser(cem), browser(ana))] == [
            outside,
            outside,
            200,
        ]
    group.deleted_at = clock.now()
    db.session.commit()
    assert browser(ana).get(path).status_code == 404


def test_a_groups_picture_is_on_its_page_in_lists_and_link_previews(
    pictured, ana, browser, visitor, app
):
    group = pictured(OPEN)
    stem = f"/groups/open-ones/picture/{group.picture}"
    visitor.get("/groups/open-ones")
    assert visitor.page.select_one("img.cover.banner")["src"] == f"{stem}/800"
    shared = visitor.page.find("meta", property="og:image")["content"]
    assert shared == f"http://127.0.0.1:8000{stem}/1200"
    answer = visitor.get(f"{stem}/1200")
    assert answer.mimetype == "image/jpeg"
    visitor.get("/groups")
    assert visitor.page.select_one("img.cover")["src"] == f"{stem}/800"
    tab = browser(ana)
    tab.get("/")
    assert tab.page.select_one("main .av img")["src"] == f"{stem}/320"


def test_a_secret_group_has_no_link_preview(pictured, ana, browser):
    pictured(SECRET)
    tab = browser(ana)
    tab.get("/groups/secret-ones")

    assert not [
        tab.page.find("meta", property=name)
        for name in ("og:image", "og:title")
        if tab.page.find("meta", property=name)
    ]
    assert tab.page.select_one("img.cover.banner")


def test_a_groups_picture_and_texts_are_saved_together_and_none_is_lost(
    pictured, ana, browser, app
):
    group = pictured(OPEN)
    tab, names = browser(ana), app.extensions["files"].names
    assert len(names()) == 4
    tab.get("/groups/open-ones/edit")
    tab.submit("/edit", summary="By the weir", picture=(BytesIO(b"<html>"), "us.png"))
    assert tab.answer.status_code == 422
    assert "We can’t read this picture" in tab.error_at("picture")
    assert tab.page.find(id="summary")["value"] == "By the weir"
    tab.submit(
        "/edit", location="Leith", picture=(BytesIO(b"\0" * (uploads.MOST + 100_000)), "us.png")
    )
    assert tab.answer.status_code == 413
    assert tab.page.find(id="summary")["value"] == "By the weir"
    assert tab.page.find(id="location")["value"] == "Leith"
    assert len(names()) == 4
    before = group.picture
    tab.submit("/edit", picture=(BytesIO(images.encoded()), "us.png"))
    db.session.refresh(group)
    assert (group.summary, group.location) == ("By the weir", "Leith")
    assert group.picture not in (None, before)
    assert len(names()) == 4
    tab.get("/groups/open-ones/edit")
    tab.submit("/edit", summary="", remove_picture="y", picture=(BytesIO(b""), ""))
    assert names() == []
    assert tab.page.select_one("svg.cover.banner")
    db.session.refresh(group)
    assert group.summary == ""


def test_pictures_in_lists_take_no_extra_statement(ana, group, browser, statements_of):
    tab = browser(ana)
    tab.get("/groups/river-walkers/members")
    before = statements_of(lambda: tab.get("/groups/river-walkers/members"))
    for number in range(8):
        person = factories.user(f"Eve{number}")
        factories.membership(group, person)
        profiles.picture(person, images.encoded(images.drawing((30, 30))))
    db.session.commit()

    assert statements_of(lambda: tab.get("/groups/river-walkers/members")) == before
    assert len(tab.page.select("main .av img")) == 8
