"""Reactions: who can react, who is named, and when they are deleted."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.browser_like import Browser
from webapp.conversation import erasing, reactions, removals, threads
from webapp.conversation.models import Reaction, Reply
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.events.comments import EventContainer
from webapp.notifications.models import Notification

from .talking import path, said, thread

pytestmark = pytest.mark.any_database


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Weir", slug="weir")


@pytest.fixture
def reply(group, ana):
    return said(thread(group, ana), ana)


def count():
    return db.session.scalar(sa.select(sa.func.count(Reaction.id)))


def react(reply, by, kind="agree"):
    reactions.add(reply, by, kind)
    db.session.commit()


def shown(page, number=1):
    """Return what is spoken of each reaction to the post with this number, as one line."""
    chips = page.page.select(f"#r{number} .react:not(.plain)")
    return [" ".join(chip.get_text().split()) for chip in chips]


def test_pressing_reacts_and_pressing_again_removes_it(browser, reply, ben):
    page, here = browser(ben), path(reply.thread)
    page.get(here)
    assert shown(page) == []
    form = path(reply.thread, f"/replies/{reply.id}/reactions")

    page.submit(form, button="Thanks")
    assert shown(page) == ["Thanks: 1 (Ben Okafor)"]
    chip = page.page.find(id="r1-thanks")
    assert (chip["name"], chip["aria-pressed"]) == ("remove", "true")

    page.submit(form, button="Thanks")
    assert shown(page) == []
    assert count() == 0


def test_a_reaction_sent_twice_counts_once(browser, reply, ben):
    page = browser(ben)
    for _ in range(2):
        page.post(path(reply.thread, f"/replies/{reply.id}/reactions"), {"add": "agree"})

    assert count() == 1


def test_the_database_allows_one_reaction_per_kind_and_person(app, reply, ben):
    react(reply, ben)
    db.session.add(Reaction(reply_id=reply.id, user_id=ben.id, kind="agree"))

    with pytest.raises(IntegrityError):
        db.session.flush()


def test_reactions_are_ordered_and_name_people(browser, reply, ana, ben):
    react(reply, ben, "sad")
    react(reply, ana, "agree")
    react(reply, ben, "agree")
    page = browser(ana)

    page.get(path(reply.thread))

    assert shown(page) == ["Agree: 2 (Ana Souza and Ben Okafor)", "Sad: 1 (Ben Okafor)"]
    pressed = [chip.get("aria-pressed") for chip in page.page.select("#r1 .react:not(.plain)")]
    assert pressed == ["true", "false"]
    assert "Agree Ana Souza and Ben Okafor" in " ".join(
        page.page.find(id="r1-react").get_text(" ").split()
    )


def test_many_reactions_name_the_first_people_and_mark_ones_own(browser, group, reply, ben):
    for number in range(reactions.MOST_NAMES + 3):
        person = factories.user("Mo", "Lee", handle=f"mo{number}", email=f"mo{number}@example.org")
        factories.membership(group, person)
        react(reply, person)
    react(reply, ben)
    page = browser(ben)

    page.get(path(reply.thread))

    (said_of_it,) = shown(page)
    assert said_of_it.startswith("Agree: 12 (Mo Lee, ")
    assert said_of_it.endswith(" and 4 others)")
    assert page.page.find(id="r1-agree")["aria-pressed"] == "true"


def test_visitors_see_reaction_counts_without_names(app, visitor, ana, ben):
    event = factories.event(ana, slug="swap")
    post = said(EventContainer(event).begin(), ana)
    react(post, ben, "great")

    visitor.get(f"{event.path}/comments")

    assert shown(visitor) == ["Great: 1"]
    assert "Ben" not in visitor.text
    assert not visitor.page.select(".reacts button")


def test_comments_can_be_reacted_to_on_the_event_page(browser, ana, ben):
    event = factories.event(ana, slug="swap")
    post = said(EventContainer(event).begin(), ana)
    page = browser(ben)
    page.get(event.path)

    page.submit(f"/comments/replies/{post.id}/reactions", button="Great")

    assert page.path.startswith(f"{event.path}/comments?at=1")
    assert shown(page) == ["Great: 1 (Ben Okafor)"]


@pytest.mark.parametrize("number", [0, 1])
def test_reacting_with_htmx_returns_only_the_post(browser, reply, ben, number):
    post = reply if number else opening_of(reply)
    page = browser(ben)
    answer = page.fragment(
        path(reply.thread, f"/replies/{post.id}/reactions"),
        f"article#r{number}",
        method="POST",
        data={"add": "agree"},
    )

    page.fragment(answer.headers["Location"].partition("#")[0], f"article#r{number}")

    assert [element.get("id") for element in page.page.find_all(recursive=False)] == [f"r{number}"]
    assert shown(page, number) == ["Agree: 1 (Ben Okafor)"]


def opening_of(reply):
    """Return the opening post of the reply's thread."""
    first = sa.select(Reply).where(Reply.thread_id == reply.thread_id, Reply.number == 0)
    return db.session.scalars(first).one()


def test_a_reaction_updates_open_pages_and_notifies_no_one(signals, reply, ana, ben):
    signals.clear()

    react(reply, ben)
    react(reply, ben)

    assert list(signals) == [f"thread:{reply.thread_id}:replies:r1"]
    assert {line.kind for line in db.session.scalars(sa.select(Notification))} <= {"reply.arrived"}


def test_a_hidden_post_shows_no_reactions_until_it_is_unhidden(browser, reply, ana, ben):
    react(reply, ben)
    removals.hide(reply, ana, "Rude")
    db.session.commit()
    for person in (ana, ben):
        page = browser(person)
        page.get(path(reply.thread))
        assert shown(page) == []
        assert not page.page.select("#r1 .reacts")
    with pytest.raises(UserError, match="any more"):
        reactions.add(reply, ben, "sad")


def test_deleting_a_post_deletes_its_reactions(reply, ana, ben):
    react(reply, ben)
    removals.delete(reply, by=ana)
    db.session.commit()

    assert count() == 0
    with pytest.raises(Conflict):
        reactions.add(reply, ben, "sad")


def test_only_moderators_can_react_in_a_locked_thread(browser, reply, ana, ben):
    react(reply, ben)
    threads.lock(reply.thread, by=ana)
    db.session.commit()
    page = browser(ben)
    page.get(path(reply.thread))

    assert shown(page) == ["Agree: 1 (Ben Okafor)"]
    assert not page.page.select("#r1 .reacts button[type=submit]")
    page.post(path(reply.thread, f"/replies/{reply.id}/reactions"), {"add": "sad"})
    assert count() == 1
    page.follow()
    assert "You can’t react to this post any more." in page.text
    react(reply, ana)
    assert count() == 2


@pytest.mark.parametrize("fields", [{}, {"add": "shout"}, {"remove": ""}])
def test_unknown_reactions_are_refused(browser, reply, ben, fields):
    page = browser(ben)
    page.post(path(reply.thread, f"/replies/{reply.id}/reactions"), fields)
    page.follow()

    assert "Choose one of the reactions." in page.text
    assert count() == 0


def test_non_members_cannot_react(app, reply, cem):
    page = Browser.of(app, cem)

    answer = page.post(path(reply.thread, f"/replies/{reply.id}/reactions"), {"add": "agree"})

    assert answer.status_code == 403
    assert count() == 0


def test_erasing_an_account_deletes_its_reactions(reply, ana, ben):
    react(reply, ben)
    react(reply, ana)

    erasing.erase(ben)

    assert db.session.scalars(sa.select(Reaction.user_id)).all() == [ana.id]
