"""Comments on events: for everyone who sees the event, moderated by its hosts."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.browser_like import Browser
from tests.records import notifications
from webapp.attendance import rsvps
from webapp.conversation import replies, threads
from webapp.conversation.models import FOLLOWS, Reply, Thread, ThreadReader
from webapp.core import live
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.comments import EventContainer
from webapp.groups import memberships, reads as group_reads
from webapp.groups.models import MODERATOR, SECRET
from webapp.notifications.models import Notification
from webapp.ops.retention import purge

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    return factories.event(ana, title="Seed swap", slug="seed-swap")


def said(event, by, words="Who brings tables?"):
    made = replies.add(EventContainer(event).begin(), by, words)
    db.session.commit()
    return made


def test_signed_in_people_comment_on_the_event_page_and_everyone_reads(
    event, browser, visitor, ben
):
    page = browser(ben)
    page.get(event.path)
    page.submit(f"{event.path}/comments/replies", body="Who brings **tables**?")
    page.get(event.path)
    assert page.page.select_one("#comments .post strong").get_text() == "tables"

    visitor.get(event.path)
    assert "View 1 comment" in visitor.text
    assert "tables" not in visitor.text, "search engines read this page"
    answer = visitor.get(f"{event.path}/comments")

    assert "tables" in visitor.text
    assert "Set-Cookie" not in answer.headers
    assert not visitor.page.select("form[method=post]")
    assert visitor.page.select_one('meta[name="robots"]')["content"] == "noindex"
    assert visitor.page.select_one(f'a[href*="sign-in"][href*="{event.slug}"]')


def test_an_event_has_one_thread_that_the_first_comment_starts(event, browser, ben, cem):
    assert event.thread_id is None
    browser(ben).get(f"{event.path}/comments")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Thread)) == 0

    said(event, ben)
    said(event, cem)

    assert db.session.scalars(sa.select(Thread.last_number)).all() == [2]
    assert db.session.scalars(sa.select(Reply.number).order_by(Reply.number)).all() == [1, 2]


def test_hosts_are_notified_of_comments_at_once_and_participants_later(
    app, event, ana, ben, cem, emails
):
    said(event, ben)
    emails()
    [line] = notifications("reply.arrived", ana)
    assert line.url == "/events/seed-swap/comments?at=1#r1"
    said(event, cem, "I do.")
    emails()

    assert len(notifications("reply.arrived", ben)) == 1
    assert notifications("reply.arrived", cem) == []
    assert len(notifications("reply.arrived", ana)) == 1, (
        "an unread line says already that there is something new"
    )


def test_mentions_reach_only_people_who_take_part(event, ana, ben, cem, dia, emails):
    rsvps.answer(event, by=cem)
    db.session.commit()

    said(event, ben, f"@{cem.handle} and @{dia.handle}: tables?")

    assert len(notifications("reply.mentioned", cem)) == 1
    assert notifications("reply.mentioned", dia) == [], "she has nothing to do with the event"
    [email] = [it for it in emails() if it["To"] == cem.email and "mentioned" in it["Subject"]]
    assert email["Subject"] == "You were mentioned: Seed swap"
    assert "/events/seed-swap/comments?at=1" in email.get_body(("plain",)).get_content()


def test_comments_on_group_events_notify_only_members_and_hosts(app, ana, ben, cem, emails):
    group = factories.group(ana, ben, cem)
    event = factories.event(ana, group, audience="group")
    said(event, ben)
    said(event, cem)
    memberships.remove(group_reads.membership_of(group, ben), by=ana)
    db.session.commit()
    emails()
    db.session.execute(sa.delete(Notification))
    db.session.commit()

    said(event, ana, f"Hello @{ben.handle}")
    emails()

    assert [len(notifications("reply.arrived", person)) for person in (ben, cem)] == [0, 1]
    assert notifications("reply.mentioned", ben) == []
    assert not live.may_watch(ben, f"event:{event.id}")


@pytest.mark.parametrize("who", ["host", "moderator"])
def test_hosts_and_group_moderators_close_remove_and_reopen_comments(browser, ana, ben, cem, who):
    mod = factories.user("Mo", "Dera")
    group = factories.group(ana, ben, cem)
    factories.membership(group, mod, MODERATOR)
    event = factories.event(ana, group)
    reply = said(event, ben)
    keeper, path = browser(ana if who == "host" else mod), f"{event.path}/comments"
    keeper.get(path)
    keeper.submit(f"{path}/lock")

    member = browser(cem)
    assert member.post(f"{path}/replies", {"body": "Still?"}).status_code == 403
    member.get(event.path)
    assert "Comments are closed" in member.text
    assert not member.page.select("#reply-form")
    assert keeper.post(f"{path}/replies", {"body": "As a moderator"}).status_code == 303
    assert keeper.post(f"{path}/replies/{reply.id}/removal", {"reason": "Rude"}).status_code == 303
    member.get(path)
    assert "Removed by a moderator." in member.text
    assert notifications("reply.removed", ben)[0].url == f"{path}?at=1#r1"
    assert member.post(f"{path}/lock").status_code == 403
    assert keeper.post(f"{path}/lock/removal").status_code == 303
    assert member.post(f"{path}/replies", {"body": "Thanks"}).status_code == 303


def test_hosts_can_close_comments_before_the_first_one(browser, event, ana, ben):
    assert browser(ana).post(f"{event.path}/comments/lock").status_code == 303

    assert browser(ben).post(f"{event.path}/comments/replies", {"body": "Hello"}).status_code == 403


def test_people_edit_only_their_own_comments_and_read_their_history(browser, event, ana, ben, cem):
    reply = said(event, ben, "Tabels?")
    path = f"{event.path}/comments/replies/{reply.id}"
    for person in (ana, cem):
        assert browser(person).get(f"{path}/edit").status_code == 403
    page = browser(ben)
    page.get(f"{path}/edit")
    page.submit(f"{path}/edit", body="Tables?")

    page.get(f"{path}/history")

    assert [words.get_text(strip=True) for words in page.page.select(".versions .prose")] == [
        "Tables?",
        "Tabels?",
    ]


def test_open_pages_fetch_new_comments_even_before_the_first(browser, event, signals, ana, ben):
    page = browser(ana)
    page.get(event.path)
    place = page.page.find(id="newer")
    assert place["hx-trigger"].startswith(f"event:{event.id}:comments")
    signals.clear()

    said(event, ben)

    assert signals[-1] == f"event:{event.id}:comments"
    page.fragment(place["hx-get"], "newer")
    assert [article["id"] for article in page.page.select("article.post")] == ["r1"]


@pytest.mark.parametrize("state", ["secret", "draft", "deleted"])
def test_comments_are_visible_only_where_their_event_is(
    app, browser, visitor, ana, ben, cem, state
):
    group = factories.group(ana, ben, visibility=SECRET, join_policy="invite")
    event = factories.event(ana, group, audience="group")
    reply = said(event, ben)
    if state == "deleted":
        event.deleted_at = clock.now()
    if state == "draft":
        event.state = "draft"
    db.session.commit()
    outside = [cem] if state == "secret" else [cem, ben]

    for page in (visitor, *(Browser.of(app, person) for person in outside)):
        for rest in ("", "?since=0", f"/replies/{reply.id}/history"):
            assert page.get(f"{event.path}/comments{rest}").status_code in (
                {404} if page is not visitor or "history" not in rest else {303}
            )


def test_replies_of_another_thread_are_not_found_under_the_event(browser, event, ana, ben):
    group = factories.group(ana, ben)
    other = threads.start(group, ana, "A thread", "Words")
    reply = replies.add(other, ben, "A reply")
    db.session.commit()

    assert browser(ben).get(f"{event.path}/comments/replies/{reply.id}/edit").status_code == 404
    assert browser(ben).get(f"{event.path}/comments/replies/{reply.id}/history").status_code == 404


def test_locked_events_take_no_comments(event, ana, ben):
    planning.lock(event, by=ana)

    with pytest.raises(UserError, match="locked"):
        replies.add(EventContainer(event).begin(), ben, "Hello")


def test_renaming_an_event_renames_its_comment_thread(event, browser, ana, ben, emails):
    said(event, ben)
    page = browser(ana)
    page.get(f"{event.path}/edit")
    page.submit(f"{event.path}/edit", title="Plant swap")

    assert db.session.scalars(sa.select(Thread.title)).all() == ["Plant swap"]


def test_muted_comments_send_no_notifications(event, browser, ana, ben, emails):
    page = browser(ana)
    page.get(f"{event.path}/comments")
    page.post(f"{event.path}/comments/following", {"state": "muted"})

    said(event, ben, f"Hello @{ana.handle}")
    emails()

    assert notifications("reply.arrived", ana) == notifications("reply.mentioned", ana) == []


def test_comments_are_purged_with_their_event(app, event, ana, ben):
    said(event, ben)
    kept = factories.event(ana)
    said(kept, ben)
    db.session.delete(event)
    db.session.commit()

    purge.carry_out(next(line for line, _number in purge.lines() if line.key == "event-comments"))
    db.session.commit()

    assert db.session.scalars(sa.select(Thread.id)).all() == [kept.thread_id]
    assert db.session.scalars(
        sa.select(ThreadReader.state).where(ThreadReader.user_id == ana.id)
    ).all() == [FOLLOWS]


def test_comments_cost_the_event_page_two_statements_at_any_number(
    event, browser, statements_of, ana, ben
):
    page, path = browser(ben), event.path
    page.get(path)
    none = statements_of(lambda: page.get(path))
    said(event, ana)
    one = statements_of(lambda: page.get(path))
    for _number in range(30):
        said(event, ben)

    assert (none, one, statements_of(lambda: page.get(path))) == (3, 5, 5), "with reactions"
    said(event, ben, f"Hello @{ana.handle}")
    assert statements_of(lambda: page.get(path)) == 6, "where the names in the words lead"
