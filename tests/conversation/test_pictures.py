"""Pictures in posts: uploaded, shown to those who can read the post, described, removed."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories, images
from tests.moderation.reporting import reported
from tests.voting import making
from webapp.accounts import sign_ins
from webapp.conversation import post_pictures, removals, replies, threads
from webapp.conversation.models import Reply, ReplyPicture
from webapp.conversation.post_pictures import MOST, PictureChanges
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http import uploads
from webapp.core.http.errors import UserError
from webapp.core.storage import pictures
from webapp.core.storage.files import files
from webapp.core.time import clock
from webapp.groups import memberships
from webapp.groups.models import INVITE, SECRET
from webapp.ops.retention import purge

from .talking import path, said, thread

LIST = "/groups/weir/conversation"


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Weir", slug="weir")


@pytest.fixture
def talk(group, ana):
    return thread(group, ana)


def drawn(number=1):
    """Return this many stored pictures that are in no post."""
    return post_pictures.store(
        images.encoded(images.drawing((40 + one, 30))) for one in range(number)
    )


def pictured(talk, by, number=1):
    return said(talk, by, "Look:", pictures=drawn(number))


def send(page, action, *contents, button=None, **words):
    """Send the page's form as a browser does, with these files in its field."""
    form = next(one for one in page.page.find_all("form") if one["action"].endswith(action))
    assert form["enctype"] == "multipart/form-data"
    field = form.select_one("input[type=file]")
    assert (field["name"], field.has_attr("multiple")) == ("pictures", True)
    sent = [(BytesIO(content), f"{number}.jpg") for number, content in enumerate(contents)]
    sent = sent or [(BytesIO(), "")]  # browsers send a file field without a choice like this
    return page.submit(action, button, **words, pictures=sent)


def rows():
    return list(db.session.scalars(sa.select(ReplyPicture).order_by(ReplyPicture.id)))


def shown(page, article="article.post"):
    return [image["src"] for image in page.page.select(f"{article} .pictures img")]


def kept():
    return {name for name in files().names() if name.startswith("pictures/")}


def test_pictures_in_a_reply_are_visible_to_its_readers(browser, talk, ben, ana):
    page = browser(ben)
    page.get(path(talk))
    send(page, "/replies", images.encoded(), images.from_a_camera(), body="The gate, twice")

    assert len(shown(page)) == 2
    first, second = rows()
    assert (first.width, first.height) == (400, 300)
    assert second.height > second.width, "it is upright"
    reader = browser(ana)
    reader.get(path(talk))
    image = reader.page.select_one(".post .pictures img")
    assert (image["alt"], image["width"]) == ("Picture by Ben Okafor", "400")
    answer = reader.get(image["src"])
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert not [word for word in images.SECRETS if word in answer.data]


def test_a_reply_without_pictures_uses_the_same_form(browser, talk, ben):
    page = browser(ben)
    page.get(path(talk))
    send(page, "/replies", body="Only words")

    assert (rows(), shown(page)) == ([], [])
    assert "Only words" in page.text


@pytest.mark.parametrize("at", ["", "/new"])
def test_a_thread_can_start_with_a_picture(browser, group, ana, at):
    page = browser(ana)
    page.get(LIST + at)
    send(page, "/conversation", images.encoded(), title="The gate", body="As it was")

    assert len(shown(page, "#r0")) == 1


@pytest.mark.parametrize("kind", ["event", "vote"])
def test_a_comment_can_have_a_picture_even_the_first_one(browser, group, ana, ben, kind):
    about = factories.event(ana, group) if kind == "event" else making.vote(group, ana)
    db.session.commit()
    page = browser(ben)
    page.get(about.path)
    send(page, "/comments/replies", images.encoded(), body="My bread")

    assert len(shown(page)) == 1
    assert page.get(shown(page)[0]).status_code == 200
    page.get(about.path)
    assert len(shown(page)) == 1, "among the newest comments, too"


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        ([b"no picture"], "We can’t read this picture"),
        ([images.encoded()] * (MOST + 1), "Choose up to 4 pictures."),
        ([b"x" * (uploads.MOST + 1)], "This file is too large."),
    ],
)
def test_a_refused_picture_is_reported_at_its_field_and_the_text_stays(
    browser, talk, ben, contents, sentence
):
    page = browser(ben)
    page.get(path(talk))
    answer = send(page, "/replies", *contents, body="My long words")

    assert answer.status_code in {413, 422}
    assert sentence in page.error_at("post-pictures")
    assert page.page.select_one("textarea").get_text().strip() == "My long words"
    assert db.session.scalar(sa.select(Reply.id).where(Reply.number == 1)) is None


def test_an_oversized_request_is_refused_with_the_form(browser, talk, ben, monkeypatch):
    monkeypatch.setattr(uploads, "BESIDE", 1000 - uploads.TOGETHER)
    page = browser(ben)
    page.get(path(talk))
    answer = send(page, "/replies", b"x" * 2000, body="My words")

    assert answer.status_code == 413
    assert "Together these are too large" in page.error_at("post-pictures")
    assert page.page.select_one("textarea").get_text().strip() == "My words"


def test_a_form_sent_twice_creates_one_post(browser, talk, ben):
    page = browser(ben)
    page.get(path(talk))
    again = page.again()
    again.get(path(talk))
    again.page.select_one("input[name=once]")["value"] = page.page.select_one("input[name=once]")[
        "value"
    ]
    send(page, "/replies", images.encoded(), body="Once")
    send(again, "/replies", images.encoded(), body="Once")

    assert len(rows()) == 1


def test_posts_with_pictures_count_as_uploads_and_others_do_not(
    app, browser, talk, ben, monkeypatch
):
    monkeypatch.setattr(app.extensions["allowances"].people["uploads"], "most", 2)
    page = browser(ben)
    for number in range(3):
        page.get(path(talk))
        assert send(page, "/replies", body=f"Words {number}").status_code == 200
    page.get(path(talk))
    answer = send(page, "/replies", *[images.encoded()] * 3, body="Three at once")

    assert answer.status_code == 429
    assert page.page.select("[value='Three at once']"), "the words can be sent again"
    assert page.page.select_one("form.error input[type=file]")["name"] == "pictures"
    assert "Choose them again" in page.page.select_one("form.error").get_text()

    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        send(page, page.page.select_one("form.error")["action"], images.encoded())
    assert page.answer.status_code == 200
    assert len(rows()) == 1


def test_a_person_over_their_storage_limit_cannot_upload(app, browser, talk, ben, monkeypatch):
    pictured(talk, ben)
    monkeypatch.setitem(app.config, "FILES_PER_PERSON", 0)
    page = browser(ben)
    page.get(path(talk))
    send(page, "/replies", images.encoded(), body="One more")

    assert "You’ve used all your space" in page.error_at("post-pictures")
    send(page, "/replies", body="Only words")
    assert "Only words" in page.text


def test_an_edit_can_describe_add_and_remove_pictures(browser, talk, ben):
    first, second = pictured(talk, ben, 2) and rows()
    gone = {name for name in kept() if second.picture.hex in name}
    page = browser(ben)
    page.get(path(talk, f"/replies/{first.reply_id}/edit"))
    assert len(page.page.select("fieldset.posted")) == 2
    words = {f"picture-{first.id}-alt": "A gate", f"picture-{second.id}-remove": "y"}
    send(page, "/edit", images.encoded(), body="Look:", **words)

    assert len(shown(page)) == 2
    assert page.page.select_one(".pictures img")["alt"] == "A gate"
    assert len(gone) == 2
    assert not gone & kept()
    assert page.page.select("article a[href$='/history']"), "it says that it was edited"


def test_changing_only_descriptions_is_not_an_edit(browser, talk, ben):
    row = pictured(talk, ben) and rows()[0]
    page = browser(ben)
    page.get(path(talk, f"/replies/{row.reply_id}/edit"))
    send(page, "/edit", body="Look:", **{f"picture-{row.id}-alt": "A gate"})

    assert page.page.select_one(".pictures img")["alt"] == "A gate"
    assert not page.page.select("article a[href$='/history']")


def test_a_post_has_at_most_four_pictures_even_after_edits(talk, ben):
    reply = pictured(talk, ben, MOST)
    one, *_others = rows()
    new = drawn()

    with pytest.raises(UserError, match="up to 4"):
        replies.edit(reply, ben, 1, "Look:", pictures=PictureChanges(new))
    db.session.rollback()
    replies.edit(reply, ben, 1, "Look:", pictures=PictureChanges(new, removed={one.id}))
    assert reply.picture_count == len(rows()) == MOST


@pytest.mark.parametrize("why", ["signed out", "refused", "no picture"])
def test_pictures_of_a_post_that_is_not_saved_leave_no_files(browser, talk, ben, monkeypatch, why):
    page, keep, before = browser(ben), pictures.keep_measured, kept()
    page.get(path(talk))
    sent = [images.encoded(images.drawing((60, 40))), images.encoded(images.drawing((50, 40)))]

    def draw(kind, content):
        if why == "signed out":
            sign_ins.end_all(ben)
            db.session.commit()
        if why == "refused":
            talk.locked_at = clock.now()
            db.session.commit()
        return keep(kind, content)

    monkeypatch.setattr(pictures, "keep_measured", draw)
    if why == "no picture":
        sent[1] = b"GIF"
    answer = send(page, "/replies", *sent, body="Look:")

    assert answer.status_code == {"signed out": 401}.get(why, 422), answer.status_code
    assert rows() == []
    assert kept() == before


def test_a_picture_is_visible_only_to_those_who_can_read_the_post(
    browser, group, talk, ana, ben, cem
):
    reply = pictured(talk, ben)
    other = pictured(talk, ana)
    row, of_other = rows()
    image = path(talk, f"/replies/{reply.id}/pictures/{row.id}/400")
    assert browser(cem).get(image).status_code == 403
    assert browser(ana).get(image).status_code == 200
    assert browser(ana).get(image.replace("/400", "/401")).status_code == 404
    wrong = path(talk, f"/replies/{reply.id}/pictures/{of_other.id}/400")
    assert browser(ana).get(wrong).status_code == 404, "the post of an address counts"
    group.visibility, group.join_policy = SECRET, INVITE
    db.session.commit()
    assert browser(cem).get(image).status_code == 404
    memberships.leave(group, ben)
    db.session.commit()
    assert browser(ben).get(image).status_code == 404
    assert other.picture_count == 1


@pytest.mark.parametrize("how", ["hide", "remove", "delete"])
def test_pictures_of_hidden_and_deleted_posts_are_not_served(browser, group, talk, ana, ben, how):
    dan = factories.user("Dan")
    memberships.join(group, dan)
    reply = pictured(talk, ben)
    image = path(talk, f"/replies/{reply.id}/pictures/{rows()[0].id}/400")
    act = {
        "hide": lambda: removals.hide(reply, ana, "Rude"),
        "remove": lambda: removals.remove(reply, ana, "Rude"),
        "delete": lambda: removals.delete(reply, ben),
    }
    act[how]()
    db.session.commit()
    page = browser(dan)
    page.get(path(talk))

    assert shown(page) == []
    assert browser(dan).get(image).status_code == 403
    assert browser(ana).get(image).status_code == (200 if how == "hide" else 403)


def test_pictures_are_purged_a_month_after_their_post_was_deleted(talk, ben):
    reply = pictured(talk, ben)
    removals.delete(reply, ben)
    reply.removed_at = clock.now() - timedelta(days=31)
    db.session.commit()
    for _line in purge.lines():
        pass
    db.session.commit()

    assert rows() == []


def test_erasing_an_account_deletes_its_pictures_and_keeps_its_text(talk, ben):
    reply = pictured(talk, ben)
    files_of_it = {name for name in kept() if rows()[0].picture.hex in name}
    hooks.user_erased(user=ben)
    db.session.commit()

    assert (rows(), reply.picture_count) == ([], 0)
    assert len(files_of_it) == 2
    assert not files_of_it & kept()
    assert replies.words_of(reply).body == "Look:"


def test_a_case_shows_the_pictures_of_the_reported_post(browser, group, talk, ana, ben):
    reply = pictured(talk, ben, 2)
    rows()[0].alt = "A gate"
    case = reported("reply", reply, ana)
    page = browser(ana)
    page.get(f"{group.path}/manage/reports/{case.id}")

    assert "A gate A picture without a description" in page.text


def test_a_page_queries_pictures_once_and_only_if_there_are_any(
    statements_of, browser, talk, ana, ben
):
    said(talk, ben)
    page = browser(ana)
    page.get(path(talk))
    without = statements_of(lambda: page.get(path(talk)))
    for _ in range(3):
        pictured(talk, ben, 2)
    page.get(path(talk))

    assert statements_of(lambda: page.get(path(talk))) == without + 1


def test_a_post_that_comes_too_late_says_that_its_pictures_are_not_kept(
    talk, ana, ben, browser, context
):
    page = browser(ben)
    page.get(path(talk))
    threads.lock(talk, by=ana)
    db.session.commit()

    send(page, "/replies", images.encoded(images.drawing((40, 30))), body="Look at this.")

    (copied,) = page.page.select("textarea[readonly]")
    assert copied.get_text(strip=True) == "Look at this."
    assert "We couldn’t keep your files." in page.text
