"""A person's profile: the form, handles and their redirects, the picture, and what is refused."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories, images
from tests.browser_like import values_of
from webapp.accounts import handles
from webapp.accounts.models import FormerHandle, User
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http import uploads
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.groups import categories
from webapp.groups.models import Category
from webapp.people import links
from webapp.people.models import Profile


@pytest.fixture
def tab(browser, ana):
    page = browser(ana)
    page.get("/account/profile")
    return page


def send(tab, content, name="me.jpg"):
    tab.get("/account/profile")
    fields = values_of(tab.page.select_one("main form"))
    return tab.post("/account/profile", {**fields, "picture": (BytesIO(content), name)})


def test_a_profile_shows_what_the_person_wrote(tab, ana):
    categories.ensure_defaults()
    music = db.session.scalar(sa.select(Category).where(Category.slug == "music"))
    music_id = str(music.id)
    factories.group(ana, name="River walkers")
    db.session.commit()
    tab.get("/account/profile")
    tab.submit(
        "/account/profile",
        bio="I mend **bicycles**.",
        interests=[music_id],
        links="example.org/ana\nmailto:ana@example.org",
        profile_visibility="everyone",
        shows_groups="y",
        last_name="Souza-Lima",
    )

    assert tab.path == "/people/ana-souza"
    assert tab.page.h1.string == "Ana Souza-Lima"
    assert tab.page.find("strong", string="bicycles")
    assert tab.page.find("a", string="Music")["href"] == "/groups?topic=music"
    assert tab.page.find("a", string="example.org/ana")["href"] == "https://example.org/ana"
    assert "nofollow" in tab.page.find("a", string="ana@example.org")["rel"]
    assert tab.page.find("a", string="River walkers")
    db.session.refresh(ana)
    assert "souza-lima" in ana.search_text
    tab.get("/account/profile")
    assert (
        tab.page.find(id="links").get_text().strip()
        == "https://example.org/ana\nmailto:ana@example.org"
    )


def test_a_refused_form_keeps_its_values(tab):
    tab.submit(
        "/account/profile",
        handle="ADMIN",
        links="javascript:alert(1)",
        bio="Still here",
        first_name=" ",
    )

    assert tab.answer.status_code == 422
    assert tab.page.title.string.startswith("Error:")
    assert "Still here" in tab.page.find(id="bio").get_text()
    for sentence in (
        "is reserved for the site",
        "isn’t a link we accept",
        "Enter your name",
    ):
        assert sentence in tab.text


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "ftp://example.org",
        "https://",
        "https://localhost",
        "https://you@example.org",
        "https://exa mple.org",
        "https://example.org/<b>",
        "//example.org/\\evil",
        "mailto:",
        "https://[",
        "https://example.org/" + "a" * 200,
    ],
)
def test_an_invalid_link_is_refused(context, line):
    with pytest.raises(UserError, match="isn’t a link"):
        links.of_lines(line)


def test_links_are_completed_and_limited(context):
    assert links.of_lines(
        " example.org \n\nhttp://a.example.org/x?y#z\nexample.org:8080/a\nexample.org"
    ) == [
        "https://example.org",
        "http://a.example.org/x?y#z",
        "https://example.org:8080/a",
    ]
    with pytest.raises(UserError, match="five"):
        links.of_lines("\n".join(f"{n}.example.org" for n in range(6)))


def test_an_old_handle_redirects_to_the_new_one_and_is_reserved_for_90_days(tab, ana, ben, browser):
    tab.submit("/account/profile", handle="@Ana-Of-The-River", profile_visibility="everyone")
    assert tab.path == "/people/ana-of-the-river"

    other = browser(ben)
    assert other.get("/people/ana-souza").headers["Location"] == "/people/ana-of-the-river"
    other.get("/account/profile")
    other.submit("/account/profile", handle="ana-souza")
    assert other.answer.status_code == 422
    assert "“ana-souza” is taken" in other.text
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert browser(ben).get("/people/ana-souza").status_code == 404
        handles.change(ben, "ana-souza")
        db.session.commit()
    assert ben.handle == "ana-souza"


def test_an_old_handle_can_be_restored_and_three_changes_are_the_limit(ana):
    for handle in ("ana-one", "ana-two", "ana-three"):
        handles.change(ana, handle)
        db.session.commit()
    with pytest.raises(UserError, match="three times"):
        handles.change(ana, "ana-four")
    db.session.rollback()
    handles.change(ana, "ana-souza")
    db.session.commit()

    assert ana.handle == "ana-souza"
    held = set(db.session.scalars(sa.select(FormerHandle.handle)))
    assert held == {"ana-one", "ana-two", "ana-three"}


def test_a_new_account_cannot_take_a_handle_that_redirects(ana):
    handles.change(ana, "ana-one")
    db.session.commit()

    with pytest.raises(UserError, match="is taken"):
        handles.refuse_taken("ana-souza")
    assert handles.propose("Ana", "Souza") != "ana-souza"


def test_a_picture_is_in_the_header_and_stored_in_three_sizes(tab, ana, app):
    assert send(tab, images.from_a_camera()).status_code == 303
    db.session.refresh(ana)

    tab.get("/groups")
    image = tab.page.select_one("header.top .av img")
    assert image["src"] == f"/people/ana-souza/picture/{ana.picture}/48"
    assert image["srcset"] == f"/people/ana-souza/picture/{ana.picture}/96 2x"
    for size in (48, 96, 256):
        answer = tab.get(f"/people/ana-souza/picture/{ana.picture}/{size}")
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not any(secret in answer.data for secret in images.SECRETS)
        again = tab.get(
            f"/people/ana-souza/picture/{ana.picture}/{size}",
            headers={"If-None-Match": answer.headers["ETag"]},
        )
        assert again.status_code == 304
    assert tab.get(f"/people/ana-souza/picture/{ana.picture}/9000").status_code == 404


def test_a_new_picture_deletes_the_previous_one(tab, ana, app):
    send(tab, images.encoded())
    db.session.refresh(ana)
    before = f"/people/ana-souza/picture/{ana.picture}/96"
    assert tab.get(before).status_code == 200
    send(tab, images.encoded(images.drawing((90, 90)), "PNG"), "me.png")

    assert tab.get(before).status_code == 404
    assert len(app.extensions["files"].names()) == 3


@pytest.mark.parametrize("name", ["me.jpg", "../../me.svg", "<b>.png"])
def test_an_invalid_picture_is_refused_on_its_form(tab, ana, name):
    answer = send(tab, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", name)

    assert answer.status_code == 422
    assert "We can’t read this picture" in tab.text
    assert tab.page.find(id="picture")["aria-invalid"] == "true"
    db.session.refresh(ana)
    assert ana.picture is None


def test_a_picture_and_texts_are_saved_together_and_none_is_lost(tab, ana):
    tab.submit("/profile", bio="By the weir", picture=(BytesIO(b"<svg/>"), "me.jpg"))
    assert "We can’t read this picture" in tab.error_at("picture")
    assert tab.page.find(id="bio").get_text().strip() == "By the weir"
    tab.submit("/profile", picture=(BytesIO(images.encoded()), "me.jpg"))
    db.session.refresh(ana)
    before = ana.picture
    assert before is not None
    assert "By the weir" in tab.text

    tab.get("/account/profile")
    tab.submit("/profile", bio="By the mill", picture=(BytesIO(b""), ""))
    db.session.refresh(ana)
    assert ana.picture == before
    tab.get("/account/profile")
    tab.submit("/profile", remove_picture="y")
    assert "By the mill" in tab.text
    db.session.refresh(ana)
    assert ana.picture is None


@pytest.mark.parametrize("more", [1, uploads.BESIDE, 30 * 1024 * 1024])
def test_a_file_too_large_by_one_byte_gets_413_with_the_form(tab, ana, more):
    """Just above the limit for files, above that for requests, and far above: the same page for all
    three.
    """
    answer = send(tab, images.encoded() + b"\0" * (uploads.MOST + more - len(images.encoded())))

    assert answer.status_code == 413
    assert "This file is too large. Files can be up to 16 MB." in tab.text
    assert tab.page.find("form", action="/account/profile")
    assert tab.page.find(id="first_name")["value"] == "Ana"


def test_a_file_of_the_maximum_size_is_accepted(tab):
    content = images.encoded(kind="PNG")

    assert send(tab, content + b"\0" * (uploads.MOST - len(content))).status_code == 303


def sent_with_a_large_file(tab, **values):
    """Submit the profile's form with a file above all limits, in the page's order."""
    tab.get("/account/profile")
    large = (BytesIO(b"\0" * (uploads.MOST + uploads.BESIDE)), "me.jpg")
    return tab.submit("/profile", picture=large, **values)


def test_texts_and_boxes_stay_when_a_file_is_too_large(tab, ana):
    ana.shows_presence = True
    db.session.commit()
    answer = sent_with_a_large_file(tab, bio="By the mill")

    assert answer.status_code == 413
    assert tab.page.find(id="bio").get_text().strip() == "By the mill"
    assert tab.page.find(id="shows_presence").has_attr("checked")


def test_a_form_not_read_to_its_end_comes_back_as_it_was(tab, ana, monkeypatch):
    """Otherwise boxes whose fields weren't read would count as unticked, and be saved so."""
    ana.shows_presence = True
    db.session.commit()
    monkeypatch.setattr(uploads, "PASSED_OVER", uploads.MOST)
    answer = sent_with_a_large_file(tab, bio="By the mill")

    assert answer.status_code == 413
    assert tab.page.find(id="shows_presence").has_attr("checked")


def test_a_text_as_large_as_a_file_is_not_kept(tab, monkeypatch):
    """Neither in one field nor in many, and not for people who aren't signed in."""
    monkeypatch.setattr(uploads, "urlencode", lambda fields: "" if not fields else 1 / 0)
    most = uploads.MOST + uploads.BESIDE
    for fields in ({"bio": "x" * most}, {f"text{n}": "x" * (most // 20) for n in range(21)}):
        answer = tab.post("/account/profile", {**fields, "picture": (BytesIO(b"\0"), "me.jpg")})
        assert answer.status_code == 413


def test_a_visitor_uploading_too_much_is_redirected_to_sign_in(visitor):
    answer = visitor.post(
        "/account/profile", {"picture": (BytesIO(b"\0" * (uploads.MOST * 2)), "me.jpg")}
    )

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_other_forms_keep_their_lower_size_limit(tab):
    assert tab.post("/account/settings", {"zone": "a" * 3_000_000}).status_code == 413


def test_erasure_deletes_profile_handles_and_picture(tab, ana, app):
    send(tab, images.encoded())
    tab.get("/account/profile")
    tab.submit(
        "/account/profile", bio="I was here", handle="ana-new", profile_visibility="everyone"
    )
    db.session.expire_all()
    hooks.user_erased(user=ana)
    db.session.commit()

    assert app.extensions["files"].names() == []
    assert db.session.scalars(sa.select(Profile)).all() == []
    assert db.session.scalars(sa.select(FormerHandle)).all() == []
    assert (ana.picture, ana.profile_visibility) == (None, "nobody")


def test_the_form_takes_the_same_statements_however_full_it_is(tab, ana, statements_of):
    categories.ensure_defaults()
    db.session.commit()
    few = statements_of(lambda: tab.get("/account/profile"))
    profile = Profile(user_id=ana.id, bio="x", links=["https://example.org"] * 5, shows_groups=True)
    db.session.add(profile)
    profile.interests = list(db.session.scalars(sa.select(Category).limit(12)))
    db.session.commit()

    assert statements_of(lambda: tab.get("/account/profile")) <= few + 1
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
