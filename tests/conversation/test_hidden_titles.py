"""A thread's title is hidden with its opening: in lists, on every page, in emails and inboxes; and
shown again with it.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.conversation import removals
from webapp.conversation.models import Reply
from webapp.core.extensions import db
from webapp.groups.models import MODERATOR
from webapp.notifications import notification_types
from webapp.notifications.models import Notification

from .talking import path, said, thread

TITLE = "Rude words"


@pytest.fixture
def mod(context):
    return factories.user("Mo", "Dera")


@pytest.fixture
def eve(context):
    return factories.user("Eve", "Lund")


@pytest.fixture
def group(ana, ben, eve, mod):
    made = factories.group(ana, ben, eve, name="Weir", slug="weir")
    factories.membership(made, mod, MODERATOR)
    return made


@pytest.fixture
def talk(group, ben, eve):
    """A thread of Ben's, with a reply of Eve's, who follows it."""
    talk = thread(group, ben, TITLE, "More of them, @eve-lund.")
    said(talk, eve, "Not so.")
    return talk


def opening(talk):
    return db.session.scalars(
        sa.select(Reply).where(Reply.thread_id == talk.id, Reply.number == 0)
    ).one()


def hide(talk, by):
    removals.hide(opening(talk), by=by, reason="Someone reported it")
    db.session.commit()


def sentences(user):
    query = (
        sa.select(Notification)
        .where(Notification.user_id == user.id)
        .order_by(Notification.created_at, Notification.id)
    )
    return [
        notification_types.sentence(line)
        for line in db.session.scalars(query, execution_options={"populate_existing": True})
    ]


def everything(browser, talk, user):
    """Return the text of every page that names the thread, as `user` reads them."""
    page, reply = (
        browser(user),
        db.session.scalars(
            sa.select(Reply).where(Reply.thread_id == talk.id, Reply.number == 1)
        ).one(),
    )
    addresses = [
        talk.group.path,
        f"{talk.group.path}/conversation",
        path(talk),
        path(talk, f"/replies/{reply.id}/history"),
        "/inbox",
    ]
    addresses += [path(talk, f"/replies/{reply.id}/edit")] if reply.author_id == user.id else []
    found = []
    for address in addresses:
        assert page.get(address).status_code == 200, address
        found.append(str(page.page))
    return "\n".join(found)


def test_a_hidden_title_is_visible_to_author_and_moderators_only(browser, talk, ana, ben, eve, mod):
    assert TITLE in everything(browser, talk, eve)
    hide(talk, by=mod)

    read = everything(browser, talk, eve)
    assert TITLE not in read
    assert "Hidden by a moderator" in read
    for person in (ben, mod, ana):
        read = everything(browser, talk, person)
        assert TITLE in read
        assert "Title hidden" in read

    removals.unhide(opening(talk), by=mod)
    db.session.commit()
    assert TITLE in everything(browser, talk, eve)


def test_inbox_lines_omit_a_hidden_title_until_it_is_unhidden(talk, ben, eve, mod):
    assert sentences(eve) == [f"Ben Okafor mentioned you in “{TITLE}”"]
    hide(talk, by=mod)
    said(talk, ben, "And you, @eve-lund!")

    assert sentences(eve) == ["Ben Okafor mentioned you in “a hidden thread”"] * 2
    assert sentences(ben)[-1] == f"Your post in “{TITLE}” was hidden: Someone reported it"

    removals.unhide(opening(talk), by=mod)
    db.session.commit()
    assert sentences(eve) == [f"Ben Okafor mentioned you in “{TITLE}”"] * 2


def test_emails_omit_a_hidden_title(talk, ben, eve, mod, emails):
    said(talk, ben, "And you, @eve-lund!")
    hide(talk, by=mod)

    mine = [email for email in emails() if email["To"] == eve.email]
    assert [email["Subject"] for email in mine] == ["You were mentioned: a hidden thread (Weir)"]
    assert TITLE not in mine[0].get_body(("plain",)).get_content()


def test_removal_by_a_moderator_removes_the_title(browser, talk, eve, mod):
    removals.remove(opening(talk), by=mod, reason="Rude")
    db.session.commit()

    assert TITLE not in everything(browser, talk, eve)


def test_deleting_ones_opening_keeps_the_threads_title(browser, talk, ben, eve):
    removals.delete(opening(talk), by=ben)
    db.session.commit()

    assert TITLE in everything(browser, talk, eve)


def test_hiding_another_reply_keeps_the_title(browser, talk, eve, mod, ana):
    reply = said(talk, ana, "Also rude.")
    removals.hide(reply, by=mod, reason="Rude")
    db.session.commit()

    assert TITLE in everything(browser, talk, eve)
