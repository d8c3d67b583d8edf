"""Deleting, removing, hiding: who can, what remains visible, and that the author is told why."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.conversation import removals, replies, threads
from webapp.conversation.models import Reply, Thread
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.observability.audit import AuditEntry
from webapp.groups.models import MODERATOR
from webapp.notifications import notification_types
from webapp.notifications.models import Notification

from .talking import path, said, thread


@pytest.fixture
def mod(context):
    return factories.user("Mo", "Dera")


@pytest.fixture
def group(ana, ben, mod):
    made = factories.group(ana, ben, name="Weir", slug="weir")
    factories.membership(made, mod, MODERATOR)
    return made


def sentences(user):
    return [
        notification_types.sentence(line)
        for line in db.session.scalars(
            sa.select(Notification).where(Notification.user_id == user.id)
        )
    ]


def shown(page, talk, number=1):
    """Return the text in the reply's place on its page."""
    page.get(path(talk, f"?at={number}"))
    return " ".join(page.page.find("article", id=f"r{number}").get_text(" ").split())


def test_deleting_ones_reply_leaves_a_placeholder(browser, group, ana, ben):
    talk = thread(group, ana)
    said(talk, ben, "Rude words")
    said(talk, ana, "Tut", answers=1)
    page = browser(ben)
    reply = db.session.scalars(sa.select(Reply).where(Reply.number == 1)).one()

    page.get(path(talk, f"/replies/{reply.id}/removal"))
    page.submit("/removal")

    assert "Deleted by its author." in shown(page, talk)
    assert "Rude words" not in page.text
    assert "in reply to Ben Okafor" in page.text
    assert db.session.get(Thread, talk.id, populate_existing=True).reply_count == 1
    assert page.get(path(talk, f"/replies/{reply.id}/history")).status_code == 403
    assert page.get(path(talk, f"/replies/{reply.id}/edit")).status_code == 404


def test_open_pages_fetch_a_changed_reply_as_their_reader_can_see_it(
    browser, signals, group, ana, ben, cem, mod
):
    talk = thread(group, ana)
    said(talk, ben, "Rude words")
    reply = db.session.scalars(sa.select(Reply).where(Reply.number == 1)).one()
    page = browser(ana)
    page.get(path(talk))
    place = page.page.find("article", id="r1")
    assert place["hx-trigger"].startswith(f"thread:{talk.id}:replies:r1 from:body")

    for change in (
        lambda: replies.edit(reply, ben, reply.version, "Ruder words"),
        lambda: removals.hide(reply, mod, "Rude"),
        lambda: removals.unhide(reply, mod),
        lambda: removals.hide(reply, mod, "Still rude"),
    ):
        signals.clear()
        change()
        db.session.commit()
        assert {f"thread:{talk.id}:replies:r1", f"conversation:{group.id}"} <= set(signals)
        assert f"thread:{talk.id}:replies" not in signals, "nothing new was written"

    for person, reads_it in ((ana, True), (ben, True), (factories_member(group), False)):
        answer = browser(person).fragment(place["hx-get"], "article#r1")
        assert answer.status_code == 200
        assert ("Ruder words" in answer.text, "<h1" in answer.text) == (reads_it, False)
    assert browser(cem).fragment(place["hx-get"], "article#r1").status_code == 403
    assert page.fragment(path(talk, f"?only={2**70}"), f"article#r{2**70}").status_code == 204


def test_removal_by_a_moderator_needs_a_reason_and_notifies_the_author(
    browser, group, ana, ben, mod
):
    talk = thread(group, ana)
    reply = said(talk, ben, "Rude words")
    page, where = browser(mod), path(talk, f"/replies/{reply.id}/removal")
    assert page.post(where, {"reason": " "}).status_code == 422
    assert page.post(where, {"reason": "Not in this tone"}).status_code == 303

    assert "Removed by a moderator. Reason: Not in this tone" in shown(page, talk)
    author, other = browser(ben), browser(factories_member(group))
    assert "Reason: Not in this tone" in shown(author, talk)
    assert "Not in this tone" not in shown(other, talk)
    assert sentences(ben) == ["Your post in “The gate” was removed: Not in this tone"]
    acts = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.subject_id)
    ).all()
    assert ("reply.removed", mod.id, reply.id) in acts


def factories_member(group):
    person = factories.user()
    factories.membership(group, person)
    return person


def test_members_cannot_remove_other_peoples_replies(browser, group, ana, ben):
    talk = thread(group, ana)
    reply = said(talk, ana)
    page = browser(ben)

    assert page.get(path(talk, f"/replies/{reply.id}/removal")).status_code == 403
    assert (
        page.post(path(talk, f"/replies/{reply.id}/removal"), {"reason": "No"}).status_code == 403
    )
    for deed in (removals.remove, removals.hide):
        with pytest.raises(UserError):
            deed(reply, ben, "No")
        db.session.rollback()
    with pytest.raises(UserError):
        removals.delete(reply, by=ben)


def test_a_hidden_reply_is_visible_to_author_and_moderators_until_unhidden(
    browser, group, ana, ben, mod
):
    talk = thread(group, ana)
    reply = said(talk, ben, "Rude words")
    removals.hide(reply, by=mod, reason="Someone reported it")
    db.session.commit()
    other, author, moderator = (browser(person) for person in (factories_member(group), ben, mod))

    assert "Hidden by a moderator." in shown(other, talk)
    assert "Rude words" not in other.text
    assert other.get(path(talk, f"/replies/{reply.id}/history")).status_code == 403
    for page in (author, moderator):
        assert "Rude words" in shown(page, talk)
        assert "Reason: Someone reported it" in page.text
    assert author.get(path(talk, f"/replies/{reply.id}/edit")).status_code == 403
    assert sentences(ben) == ["Your post in “The gate” was hidden: Someone reported it"]

    shown(moderator, talk)
    moderator.submit("/showing")
    assert "Rude words" in shown(other, talk)


def test_site_admins_can_hide_a_reported_reply_without_a_second_notification(group, ana, ben, dia):
    reply = said(thread(group, ana), ben)

    removals.hide(reply, by=dia, reason="Reported", notify=False)
    assert (reply.hidden_at is not None, sentences(ben)) == (True, [])
    removals.unhide(reply, by=dia, judged=True)

    assert reply.hidden_at is None
    with pytest.raises(UserError):
        removals.remove(reply, by=dia, reason="Reported")


def test_removing_a_reply_twice_is_a_conflict_without_second_notification(group, ana, ben, mod):
    reply = said(thread(group, ana), ben)
    removals.remove(reply, by=mod, reason="Once")
    db.session.commit()

    for again in (
        lambda: removals.remove(reply, by=ana, reason="Twice"),
        lambda: removals.delete(reply, by=ben),
    ):
        with pytest.raises(Conflict):
            again()
        db.session.rollback()
    assert len(sentences(ben)) == 1


def test_authors_can_delete_their_thread_until_someone_replies(browser, group, ben, ana):
    alone, answered = thread(group, ben, "Alone"), thread(group, ben, "Answered")
    said(answered, ana)
    page = browser(ben)

    page.get(path(alone, "/removal"))
    page.submit("/removal")

    assert page.get(path(alone)).status_code == 404
    assert "Alone" not in page.get("/groups/weir/conversation").text
    assert page.get(path(answered, "/removal")).status_code == 403
    with pytest.raises(UserError):
        threads.delete(answered, by=ben)


def test_a_moderator_can_remove_a_thread_with_all_replies(browser, group, ana, ben, mod):
    talk = thread(group, ben)
    reply = said(talk, ana)
    page = browser(mod)
    assert page.post(path(talk, "/removal"), {}).status_code == 422
    assert page.post(path(talk, "/removal"), {"reason": "Spam"}).status_code == 303

    for person in (ana, ben, mod):
        tab = browser(person)
        for rest in ("", f"/replies/{reply.id}/history", f"/replies/{reply.id}/edit", "/removal"):
            assert tab.get(path(talk, rest)).status_code == 404
    assert sentences(ben) == ["Your thread “The gate” was removed: Spam"]
    with pytest.raises(Conflict):
        replies.add(talk, ana, "But")


def test_removing_ones_own_reply_as_moderator_sends_no_notification(group, ana):
    removals.remove(said(thread(group, ana), ana), by=ana, reason="Oops")

    assert sentences(ana) == []
