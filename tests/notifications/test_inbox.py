"""The inbox: what it contains, how it is read, and who can see it."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from webapp.core import hooks
from webapp.core.extensions import db
from webapp.notifications import inbox, notification_types, reads
from webapp.notifications.models import INBOX, Notification
from webapp.notifications.notify import notify


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    """A notification type whose lines show the text that they get."""
    monkeypatch.setitem(
        notification_types.NOTIFICATION_TYPES,
        "test.line",
        notification_types.NotificationType(
            "test.line", notification_types.SITE, "Tests", lambda label: label, usual=INBOX
        ),
    )


def notified(user, label="A seat came free for you", url="/events/picnic", **more):
    notify([user], "test.line", url, {"label": label}, **more)
    db.session.commit()
    return db.session.scalar(sa.select(Notification).where(Notification.label == label))


def test_a_notification_is_in_the_inbox_and_counted_in_the_header(browser, ana):
    notified(ana, about="Vila Nova")
    page = browser(ana)

    page.get("/inbox")

    assert "A seat came free for you" in page.text
    assert "Vila Nova" in page.text
    assert page.page.select_one("#unread .count").get_text(" ", strip=True) == "1 unread"
    assert page.page.title.get_text().startswith("Inbox, 1 unread")


def test_no_one_sees_another_persons_inbox(browser, ana, ben):
    line = notified(ana)
    stranger = browser(ben)

    stranger.get("/inbox")

    assert "A seat came free" not in stranger.text
    assert stranger.get(f"/inbox/{line.id}").status_code == 404
    db.session.refresh(line)
    assert line.read_at is None


def test_visitors_are_redirected_to_sign_in(visitor, ana):
    line = notified(ana)

    for path in ("/inbox", f"/inbox/{line.id}"):
        assert visitor.get(path).headers["Location"].startswith("/sign-in")


def test_opening_a_notification_reads_it_and_earlier_ones_of_its_scope(browser, ana, signals):
    first = notified(ana, "You are third in the queue", scope="event:1")
    line = notified(ana, "You are second in the queue", scope="event:1")
    later = notified(ana, "You are first in the queue", scope="event:1")
    other = notified(ana, "A vote has opened", scope="vote:1")
    signals.clear()

    answer = browser(ana).get(f"/inbox/{line.id}")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/events/picnic")
    for row in (first, line, later, other):
        db.session.refresh(row)
    assert [bool(row.read_at) for row in (first, line, later, other)] == [True, True, False, False]
    assert signals == [f"user:{ana.id}:inbox"]


def test_opening_a_notification_without_scope_reads_no_other(browser, ana):
    first, line = notified(ana, "One of no scope"), notified(ana, "Another of no scope")

    browser(ana).get(f"/inbox/{line.id}")

    for row in (first, line):
        db.session.refresh(row)
    assert [bool(row.read_at) for row in (first, line)] == [False, True]


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx"],
)
def test_notifications_lead_to_our_own_pages_only(browser, ana, url):
    line = notified(ana, url=url)

    assert browser(ana).get(f"/inbox/{line.id}").headers["Location"] == "/inbox"


def test_one_button_reads_all_of_my_notifications_only(browser, ana, ben, signals):
    mine, theirs = notified(ana), notified(ben, "Ben's news")
    page = browser(ana)
    page.get("/inbox")
    signals.clear()

    page.submit("/inbox/reading")

    db.session.refresh(mine)
    db.session.refresh(theirs)
    assert mine.read_at is not None
    assert theirs.read_at is None
    assert "No unread notifications" in page.text
    assert signals == [f"user:{ana.id}:inbox"]


def test_htmx_gets_the_list_and_the_updated_header_count(browser, ana):
    notified(ana)
    page = browser(ana)
    page.get("/inbox")

    answer = page.fragment("/inbox", "inbox")

    assert answer.text.lstrip().startswith('<div id="inbox"')
    assert page.page.find("hx-partial", id="unread").get_text(" ", strip=True) == "1 unread"
    assert "<html" not in answer.text


def test_htmx_gets_the_count_alone(browser, ana):
    notified(ana)
    page = browser(ana)
    page.get("/inbox")

    answer = page.fragment("/inbox", "span#unread")

    assert answer.text.strip().startswith('<span id="unread"')
    assert "A seat came free" not in answer.text


def test_each_page_continues_where_the_previous_one_ended(ana, browser):
    start = datetime(2026, 5, 1, 12, tzinfo=UTC)
    for number in range(reads.PAGE * 2 + 5):
        db.session.add(
            Notification(
                user_id=ana.id,
                kind="x.y",
                label=f"News {number}.",
                url="/",
                created_at=start + timedelta(hours=number // 3),
            )
        )
    db.session.commit()

    seen, before = [], None
    for size in (reads.PAGE, reads.PAGE, 5):
        page = reads.page_of(ana, before=before)
        assert len(page.lines) == size
        seen += [line.id for line in page.lines]
        before = page.older

    assert before is None
    assert len(set(seen)) == reads.PAGE * 2 + 5
    here = browser(ana)
    here.get("/inbox")
    here.get(here.page.find("a", rel="next")["href"])
    assert f"News {reads.PAGE + 4}." in here.text
    assert f"News {reads.PAGE + 5}." not in here.text


@pytest.mark.parametrize("before", ["nonsense", "0190a1b2-0000-7000-8000-000000000000"])
def test_an_invalid_page_cursor_is_no_error(browser, ana, before):
    notified(ana)

    assert browser(ana).get(f"/inbox?before={before}").status_code == 200


def test_the_inbox_can_show_only_unread_notifications(browser, ana):
    notified(ana, "Old news")
    inbox.mark_all_read(ana)
    notified(ana, "New news")
    page = browser(ana)

    page.get("/inbox?show=unread")

    assert "New news" in page.text
    assert "Old news" not in page.text


def test_notifications_are_grouped_by_day_and_scope(ana):
    now = datetime(2026, 5, 14, 9, tzinfo=UTC)
    for label, scope, ago in [
        ("a", "event:1", 1),
        ("b", None, 2),
        ("c", "event:1", 3),
        ("d", "event:1", 30),
        ("e", None, 31),
        ("f", None, 24 * 5),
        ("g", None, 24 * 30),
    ]:
        db.session.add(
            Notification(
                user_id=ana.id,
                kind="x.y",
                label=label,
                url="/",
                scope=scope,
                created_at=now - timedelta(hours=ago),
            )
        )
    db.session.commit()

    sections = reads.by_day(reads.page_of(ana).lines, now, "UTC")

    drawn = [
        (s.name, [[line.sentence for line in bundle] for bundle in s.bundles]) for s in sections
    ]
    assert drawn == [
        ("today", [["a", "c"], ["b"]]),
        ("yesterday", [["d"], ["e"]]),
        ("week", [["f"]]),
        ("earlier", [["g"]]),
    ]


def test_days_follow_the_readers_time_zone(ana):
    db.session.add(
        Notification(
            user_id=ana.id,
            kind="x.y",
            label="late",
            url="/",
            created_at=datetime(2026, 5, 13, 23, tzinfo=UTC),
        )
    )
    db.session.commit()
    lines, now = reads.page_of(ana).lines, datetime(2026, 5, 14, 9, tzinfo=UTC)

    assert [reads.by_day(lines, now, zone)[0].name for zone in ("UTC", "Asia/Kolkata")] == [
        "yesterday",
        "today",
    ]


def test_the_inbox_takes_the_same_statements_for_three_lines_as_for_one(
    browser, ana, statements_of
):
    notified(ana)
    page = browser(ana)
    one = statements_of(lambda: page.get("/inbox"))
    notified(ana, "Two")
    notified(ana, "Three")

    assert statements_of(lambda: page.get("/inbox")) == one == 2  # who and how many, the list


def test_erasing_an_account_deletes_its_inbox(ana, ben):
    notified(ana)
    notified(ben, "Ben's")

    hooks.user_erased(user=ana)
    db.session.commit()

    assert db.session.scalars(sa.select(Notification.label)).all() == ["Ben's"]


def test_notification_labels_are_escaped(browser, ana):
    notified(ana, "<img src=x onerror=alert(1)>", about="<b>Moss</b>")
    page = browser(ana)

    page.get("/inbox")

    assert page.page.find("img") is None
    assert "<img src=x onerror=alert(1)>" in page.text
