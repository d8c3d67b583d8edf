"""Starting threads, replying, editing: the rules and the forms."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.conversation import replies, threads
from webapp.conversation.forms import LONGEST
from webapp.conversation.models import FOLLOWS, Reply, ReplyVersion, Thread, ThreadReader
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.groups import memberships, reads
from webapp.groups.models import MODERATOR, ORGANIZER

from .talking import path, said, thread


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Weir", slug="weir")


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def bodies(reply):
    found = (
        sa.select(ReplyVersion.body)
        .where(ReplyVersion.reply_id == reply.id)
        .order_by(ReplyVersion.number)
    )
    return list(db.session.scalars(found))


def test_a_thread_has_an_opening_and_its_author_follows_it(group, ana):
    talk = thread(group, ana)

    opening = db.session.scalars(sa.select(Reply)).one()
    assert (opening.number, talk.last_number, talk.reply_count) == (0, 0, 0)
    assert bodies(opening) == ["It squeaks."]
    assert db.session.scalars(sa.select(ThreadReader.state)).all() == [FOLLOWS]


def test_replies_are_numbered_and_counted(group, ana, ben):
    talk = thread(group, ana)

    numbers = [said(talk, person).number for person in (ben, ana, ben)]

    assert numbers == [1, 2, 3]
    assert (talk.last_number, talk.reply_count) == (3, 3)


@pytest.mark.parametrize(("answers", "kept"), [(1, 1), (0, None), (2, None), (7, None), (-1, None)])
def test_a_reply_answers_an_earlier_one_or_the_thread(group, ana, ben, answers, kept):
    talk = thread(group, ana)
    said(talk, ben)

    assert said(talk, ana, answers=answers).answers == kept


def test_non_members_cannot_start_threads(group, cem):
    with pytest.raises(UserError):
        threads.start(group, cem, "Hello", "Let me in")


@pytest.mark.parametrize("words", ["", "   ", "\n\t\n"])
def test_empty_texts_are_refused(group, ana, words):
    talk = thread(group, ana)
    for write in (
        lambda: threads.start(group, ana, "T", words),
        lambda: replies.add(talk, ana, words),
    ):
        with pytest.raises(UserError, match="Write a message first"):
            write()
        db.session.rollback()


def test_only_owners_and_organizers_can_announce(group, ben, ana):
    moderator, organizer = factories.user(), factories.user()
    factories.membership(group, moderator, MODERATOR)
    factories.membership(group, organizer, ORGANIZER)
    for person in (ben, moderator):
        with pytest.raises(UserError):
            threads.start(group, person, "Hear ye", "All", announces=True)
        db.session.rollback()

    assert thread(group, organizer, announces=True).is_announcement


def test_only_moderators_can_reply_in_a_locked_thread(group, ana, ben):
    talk = thread(group, ana)
    threads.lock(talk, by=ana)
    db.session.commit()

    with pytest.raises(UserError, match="locked"):
        replies.add(talk, ben, "But")
    db.session.rollback()
    assert said(talk, ana, "The end.").number == 1
    threads.unlock(talk, by=ana)
    db.session.commit()
    assert said(talk, ben, "At last.").number == 2


def test_members_can_neither_pin_nor_lock(group, ana, ben):
    talk = thread(group, ben)
    for deed in (threads.pin, threads.unpin, threads.lock, threads.unlock):
        with pytest.raises(UserError):
            deed(talk, by=ben)
        db.session.rollback()


def test_at_most_five_threads_can_be_pinned(group, ana):
    for number in range(threads.MOST_PINNED):
        threads.pin(thread(group, ana, f"No {number}"), by=ana)
    more = thread(group, ana, "One more")

    with pytest.raises(UserError, match="Five"):
        threads.pin(more, by=ana)


def test_every_version_is_stored_and_the_title_is_edited_with_the_opening(group, ana, ben):
    talk = thread(group, ana)
    opening, answer = db.session.scalars(sa.select(Reply)).one(), said(talk, ben)

    replies.edit(opening, ana, 1, "It squeaks badly.", title="The north gate")
    replies.edit(answer, ben, 1, "Grease it.")
    replies.edit(answer, ben, 2, "Replace it.")
    db.session.commit()

    assert talk.title == "The north gate"
    assert bodies(opening) == ["It squeaks.", "It squeaks badly."]
    assert bodies(answer) == ["Oil it.", "Grease it.", "Replace it."]
    assert (answer.version, answer.edited_at is not None) == (3, True)


def test_an_unchanged_text_creates_no_version(group, ana):
    answer = said(thread(group, ana), ana)

    replies.edit(answer, ana, 1, "Oil it.")

    assert (answer.version, answer.edited_at) == (1, None)


def test_people_cannot_edit_other_peoples_replies(group, ana, ben):
    answer = said(thread(group, ana), ben)

    with pytest.raises(UserError):
        replies.edit(answer, ana, 1, "I agree with Ana.")


def test_everyone_who_can_announce_can_edit_an_announcement(group, ana, ben):
    organizer = factories.user()
    factories.membership(group, organizer, ORGANIZER)
    thread(group, organizer, announces=True)
    opening = db.session.scalars(sa.select(Reply)).one()

    replies.edit(opening, ana, 1, "It is mended.")

    assert db.session.scalars(
        sa.select(ReplyVersion.by_id).order_by(ReplyVersion.number)
    ).all() == [organizer.id, ana.id]
    with pytest.raises(UserError):
        replies.edit(opening, ben, 2, "No, it is not.")


def test_the_slower_of_two_editors_is_refused_and_sees_both_texts(browser, group, ana):
    organizer = factories.user("Olga", "Petrova")
    factories.membership(group, organizer, ORGANIZER)
    talk = thread(group, ana, announces=True)
    opening = db.session.scalars(sa.select(Reply)).one()
    edit = path(talk, f"/replies/{opening.id}/edit")
    first, second = browser(ana), browser(organizer)
    for page in (first, second):
        page.get(edit)

    first.submit("/edit", body="From Ana, and *this*.")
    answer = second.submit("/edit", body="From Olga, and **that**.")

    assert answer.status_code == 409
    assert "This was changed while you were writing" in second.text
    assert second.page.select_one("#theirs ~ .prose em").get_text() == "this"
    assert second.page.find("textarea", id="body").get_text().strip() == "From Olga, and **that**."
    assert second.submit("/edit").status_code == 200
    assert bodies(opening) == ["It squeaks.", "From Ana, and *this*.", "From Olga, and **that**."]


def test_editing_a_reply_removed_meanwhile_is_refused(group, ana, ben):
    talk = thread(group, ana)
    answer = said(talk, ben)
    threads.remove(talk, ana, "Off topic")

    with pytest.raises(Conflict):
        replies.edit(answer, ben, 1, "But still")


def test_a_form_sent_twice_creates_one_thread(browser, group, ben):
    page = browser(ben)
    page.get("/groups/weir/conversation/new")
    fields = {"title": "A question", "body": "Who has the key?", "once": "a-word-of-the-form"}
    for _ in range(2):
        assert page.post("/groups/weir/conversation", fields).status_code == 303
    talk = db.session.scalars(sa.select(Thread)).one()
    for _ in range(2):
        assert (
            page.post(
                path(talk, "/replies"), {"body": "I have.", "once": "another-word"}
            ).status_code
            == 303
        )

    assert (count(Thread), count(Reply)) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "", "body": "Words"}, "Enter a title."),
        ({"title": "?!", "body": "Words"}, "Enter a title."),
        ({"title": "T", "body": ""}, "Write a message first."),
        ({"title": "T" * 121, "body": "Words"}, "120"),
        ({"title": "T", "body": "w" * 20_001}, "20000"),
    ],
)
def test_an_invalid_thread_is_returned_with_a_message(browser, group, ben, fields, sentence):
    page = browser(ben)

    assert page.post("/groups/weir/conversation", fields).status_code == 422

    assert sentence in page.text
    assert page.page.find("textarea", id="body").get_text().strip() == fields["body"]
    assert count(Thread) == 0


def test_a_preview_saves_nothing_and_keeps_the_text(browser, group, ben):
    page, words = browser(ben), "This is **so** and `@so`."
    page.post("/groups/weir/conversation", {"title": "T", "body": words, "preview": "y"})

    assert page.page.select_one("#preview strong").get_text() == "so"
    assert page.page.find("textarea", id="body").get_text().strip() == words
    talk = thread(group, ben)
    answer = page.fragment(
        path(talk, "/replies"), "preview", method="POST", data={"body": words, "preview": "y"}
    )
    assert answer.status_code == 200
    assert [element["id"] for element in page.page.find_all(recursive=False)] == ["preview"]
    assert count(Reply) == 1


def test_a_text_is_kept_if_its_author_was_signed_out_meanwhile(browser, group, ben):
    page = browser(ben)
    talk = thread(group, ben)
    page.get(path(talk))
    page.csrf_token()
    db.session.execute(sa.text("DELETE FROM sign_in"))
    db.session.commit()

    answer = page.post(
        path(talk, "/replies"),
        {"body": "A long and careful answer"},
        headers={"Referer": path(talk)},
    )

    assert answer.status_code == 401
    assert "A long and careful answer" in page.page.find("textarea").get_text()
    assert page.page.select_one("main a.btn.main")["href"] == f"/sign-in?next={path(talk)}"


def test_an_expired_form_shows_its_text(browser, group, ben):
    page, talk = browser(ben), thread(group, ben)

    answer = page.post(
        path(talk, "/replies"),
        {"body": "A long and careful answer", "csrf_token": "old"},
        csrf=False,
    )

    assert answer.status_code == 400
    assert "A long and careful answer" in page.page.find("textarea").get_text()


def test_twenty_posts_a_minute_are_allowed(browser, group, ben):
    page, talk = browser(ben), thread(group, ben)
    codes = [
        page.post(path(talk, "/replies"), {"body": f"No {number}"}).status_code
        for number in range(21)
    ]

    assert codes == [303] * 20 + [429]
    assert "No 20" in str(page.page)


def test_five_announcements_an_hour_are_allowed(browser, group, ana):
    page = browser(ana)
    fields = {"body": "To all", "announces": "y"}
    codes = [
        page.post("/groups/weir/conversation", {**fields, "title": f"No {n}"}).status_code
        for n in range(6)
    ]

    assert codes == [303] * 5 + [429]


def test_leaving_a_group_ends_following_and_keeps_ones_posts(group, ana, ben):
    talk = thread(group, ben)
    elsewhere = thread(factories.group(ben), ben)

    memberships.remove(reads.membership_of(group, ben), by=ana)
    db.session.commit()

    assert db.session.scalars(sa.select(ThreadReader.thread_id)).all() == [elsewhere.id]
    assert db.session.get(Thread, talk.id).author_id == ben.id


@pytest.mark.parametrize("where", ["", "/{talk}/replies", "/{talk}/replies/{opening}/edit"])
def test_a_preview_is_limited_to_what_can_be_posted(browser, group, ana, where):
    talk = thread(group, ana)
    opening = db.session.scalar(sa.select(Reply.id).where(Reply.thread_id == talk.id))
    page = browser(ana)
    page.get(path(talk))
    url = "/groups/weir/conversation" + where.format(talk=talk.id, opening=opening)
    page.post(url, {"title": "Long", "body": "a " * LONGEST, "preview": "yes"})

    assert len(page.page.select_one("#preview .prose").get_text().split()) == LONGEST // 2
