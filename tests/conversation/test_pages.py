"""The list of threads, the pages of a thread, what open pages fetch, and how many statements all of
it takes.
"""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests import factories
from webapp.conversation import following, reads, threads
from webapp.conversation.models import MUTED, Reply, ReplyVersion, Thread, ThreadReader
from webapp.core import live
from webapp.core.db.base import new_id
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups import groups, memberships, reads as group_reads
from webapp.groups.models import CLOSED, SECRET

from .talking import path, said, thread

LIST = "/groups/weir/conversation"


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Weir", slug="weir")


def grown(talk, people, number):
    """Add this many replies to the thread at once."""
    rows, words = [], []
    for place in range(talk.last_number + 1, talk.last_number + number + 1):
        by = people[place % len(people)]
        rows.append(
            {
                "id": new_id(),
                "thread_id": talk.id,
                "number": place,
                "author_id": by.id,
                "answers": place - 1 or None,
            }
        )
        text = f"Reply no {place} for @{people[0].handle}"
        words.append(
            {"id": new_id(), "reply_id": rows[-1]["id"], "number": 1, "by_id": by.id, "body": text}
        )
    db.session.execute(sa.insert(Reply), rows)
    db.session.execute(sa.insert(ReplyVersion), words)
    talk.last_number += number
    talk.reply_count += number
    db.session.commit()


def titles(page):
    return [heading.get_text() for heading in page.page.select(".talk h2 a")]


def numbers(page):
    return [int(article["id"][1:]) for article in page.page.select("article.post")]


def test_pinned_threads_come_first_then_the_most_recent_ones(browser, group, ana, ben):
    old, middle, new = (thread(group, ana, title) for title in ("Old", "Middle", "New"))
    said(old, ben)
    threads.pin(middle, by=ana)
    db.session.commit()
    page = browser(ben)

    page.get(LIST)

    assert titles(page) == ["Middle", "Old", "New"]
    assert "last by Ben Okafor" in page.text
    assert page.page.find(string="Pinned")
    assert new.last_at < old.last_at


def test_a_link_on_each_page_of_a_thread_leads_to_its_text_field(browser, group, ana, ben):
    talk = thread(group, ana)
    grown(talk, [ana, ben], 30)
    page = browser(ben)
    for query in ("", "?page=2"):
        page.get(path(talk) + query)
        link = page.page.select_one("a.to-write")
        assert link.get_text() == "Write a reply"
        [field] = page.page.select(link["href"])
        assert (field.name, field.find_parent("form")["id"]) == ("textarea", "reply-form")

    page.submit("/replies", body="By the weir")
    page.get(f"{path(talk)}?at=31")
    assert "By the weir" in page.text
    threads.lock(talk, by=ana)
    db.session.commit()
    page.get(path(talk))
    assert not page.page.select("a.to-write")


def test_many_threads_are_split_into_pages(browser, group, ana):
    for number in range(reads.THREADS + 5):
        threads.start(group, ana, f"No {number}", "Words")
    db.session.commit()
    page = browser(ana)
    page.get(LIST)
    first = titles(page)

    page.get(page.page.select_one("nav.pager a[rel=next]")["href"])

    assert len(first) == reads.THREADS
    assert first + titles(page) == [f"No {number}" for number in range(reads.THREADS + 4, -1, -1)]


def test_an_empty_conversation_invites_to_start_the_first_thread(browser, group, ben):
    page = browser(ben)
    page.get(LIST)

    assert "No threads yet" in page.text
    assert page.page.find("a", href=f"{LIST}/new", string="Start the first thread")


def test_the_list_counts_unread_replies_and_links_to_the_first(browser, group, ana, ben):
    talk = thread(group, ana)
    grown(talk, [ana, ben], 3)
    page = browser(ben)
    page.get(LIST)
    assert page.page.find(string="New")
    page.get(path(talk))
    page.get(LIST)
    assert not page.page.select(".talk .fresh")

    grown(talk, [ana, ben], 2)
    page.get(LIST)

    assert page.page.select_one(".talk .count").get_text() == "2"
    assert page.page.select_one(".talk h2 a")["href"] == f"{path(talk)}?at=4#r4"
    following.choose(talk, ben, MUTED)
    db.session.commit()
    page.get(LIST)
    assert not page.page.select(".talk .count")


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("", 0, 20),
        ("?page=2", 21, 40),
        ("?at=20", 0, 20),
        ("?at=21", 21, 40),
        ("?at=45", 41, 45),
        ("?at=99999", 41, 45),
    ],
)
def test_a_link_to_a_reply_opens_its_page(browser, group, ana, ben, query, first, last):
    talk = thread(group, ana)
    grown(talk, [ana, ben], 45)
    page = browser(ben)

    page.get(path(talk, query))

    assert numbers(page) == list(range(first, last + 1))
    assert bool(page.page.find(id="newer")) == (last == 45)


@pytest.mark.parametrize(
    "query",
    ["?at=x", "?at=-5", "?page=0", "?page=99999999999", "?since=abc", "?answer=x", "?answer=900"],
)
def test_invalid_query_parameters_show_a_page(browser, group, ana, query):
    talk = thread(group, ana)
    grown(talk, [ana], 5)

    assert browser(ana).get(path(talk, query)).status_code == 200


def test_the_form_names_who_is_being_replied_to(browser, group, ana, ben):
    talk = thread(group, ana)
    said(talk, ben)
    page = browser(ana)
    page.get(path(talk, "?answer=1"))
    assert "Replying to Ben Okafor" in page.text

    page.submit("/replies", body="Like this.")

    assert db.session.scalar(sa.select(Reply.answers).where(Reply.number == 2)) == 1


def test_an_open_page_fetches_only_new_replies(browser, group, ana, ben):
    talk = thread(group, ana)
    grown(talk, [ana, ben], 2)
    page = browser(ben)
    page.get(path(talk))
    assert page.fragment(path(talk, "?since=2"), "newer").status_code == 204

    grown(talk, [ana, ben], 2)
    page.fragment(path(talk, "?since=2"), "newer")

    assert numbers(page) == [3, 4]
    parts = page.page.find_all(recursive=False)
    assert [one["id"] for one in parts if one.name != "hx-partial"] == ["r3", "r4", "newer"]
    assert page.page.find(id="thread-state").get_text(strip=True) == "4 replies"
    assert page.page.find(id="newer")["hx-get"] == path(talk, "?since=4")
    assert page.page.find(id="reply-form") is None


def test_posting_with_htmx_clears_the_form_and_fetches_at_once(browser, group, ana):
    talk = thread(group, ana)
    page = browser(ana)
    answer = page.fragment(
        path(talk, "/replies"),
        "section#write",
        method="POST",
        data={"body": "Oil it.", "once": "w0rd"},
    )
    answer = page.fragment(answer.headers["Location"].partition("#")[0], "section#write")

    assert answer.headers["HX-Trigger"] == "live"
    assert page.page.find("textarea").get_text().strip() == ""
    assert page.page.find(attrs={"data-draft-sent": "w0rd"})


def test_posting_from_an_earlier_page_redirects_to_the_newest(browser, group, ana):
    talk = thread(group, ana)
    grown(talk, [ana], 30)
    page = browser(ana)
    page.get(path(talk))
    assert not page.page.find(id="reply-form").has_attr("hx-post")

    answer = page.post(path(talk, "/replies"), {"body": "At the end"})

    assert answer.headers["Location"].endswith("?at=31#r31")


def test_a_thread_can_be_started_on_the_list(browser, group, ben):
    page = browser(ben)
    page.get(LIST)
    refused = page.submit(LIST, title="", body="Who has a trailer?")
    assert refused.status_code == 422
    assert page.page.find("textarea").get_text().strip() == "Who has a trailer?"

    page.submit(LIST, title="The trailer")

    talk = db.session.scalars(sa.select(Thread)).one()
    assert (talk.title, page.path.partition("?")[0]) == ("The trailer", path(talk))


def test_only_people_who_can_start_threads_see_the_form_on_page_one(browser, group, ana, ben):
    for number in range(reads.THREADS + 1):
        threads.start(group, ana, f"No {number}", "Words")
    db.session.commit()
    page = browser(ben)
    page.get(LIST)
    assert page.page.select_one("form.composer")

    page.get(page.page.select_one("nav.pager a[rel=next]")["href"])
    assert not page.page.select_one("form.composer")

    group.may_start_threads = "organizer"
    db.session.commit()
    page.get(LIST)
    assert not page.page.select_one("form.composer")


def test_a_refused_reply_returns_the_form_with_a_message(browser, group, ana):
    talk = thread(group, ana)
    page = browser(ana)

    answer = page.fragment(
        path(talk, "/replies"), "section#write", method="POST", data={"body": "", "answers": "x"}
    )

    assert answer.status_code == 422
    assert page.page.find(id="write").find(attrs={"aria-invalid": "true"})["id"] == "body"


def test_a_page_loads_even_if_marking_it_read_fails(browser, group, ana, ben, monkeypatch):
    def busy(*_args):
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(following, "mark_seen", busy)

    assert browser(ben).get(path(thread(group, ana))).status_code == 200


def test_signals_name_thread_and_list_and_only_members_receive_them(
    app, signals, group, ana, ben, cem
):
    talk = thread(group, ana)
    signals.clear()
    said(talk, ben)

    assert {f"thread:{talk.id}:replies", f"conversation:{group.id}"} <= set(signals)
    for name in (f"thread:{talk.id}", f"conversation:{group.id}"):
        assert [live.may_watch(person, name) for person in (ana, ben, cem)] == [True, True, False]
    memberships.remove(group_reads.membership_of(group, ben), by=ana)
    db.session.commit()
    assert not live.may_watch(ben, f"thread:{talk.id}")


@pytest.mark.parametrize("visibility", [CLOSED, SECRET])
def test_a_conversation_is_deleted_and_restored_with_its_group(browser, ana, ben, visibility):
    group = factories.group(ana, ben, slug="weir", visibility=visibility, join_policy="invite")
    talk = thread(group, ana)
    groups.delete(group, by=ana)
    db.session.commit()
    for where in (LIST, path(talk)):
        assert browser(ben).get(where).status_code == 404

    groups.restore(group, by=ana)
    db.session.commit()

    assert browser(ben).get(path(talk)).status_code == 200


def test_a_thread_is_found_only_in_its_own_group(browser, group, ana):
    other = factories.group(ana, slug="other")
    talk = thread(other, ana)

    assert browser(ana).get(f"{LIST}/{talk.id}").status_code == 404


def test_the_read_position_is_stored_once_and_never_moves_back(browser, group, ana, ben):
    talk = thread(group, ana)
    grown(talk, [ana], 45)
    page = browser(ben)
    for query in ("?page=3", "", "?page=2"):
        page.get(path(talk, query))

    assert db.session.scalars(
        sa.select(ThreadReader.last_seen_number).where(ThreadReader.user_id == ben.id)
    ).all() == [45]


@pytest.mark.parametrize("rest", ["", "?page=1", "?at=9"])
def test_a_thousand_replies_take_the_same_statements_as_ten(
    browser, statements_of, group, ana, ben, rest
):
    talk = thread(group, ana, words=f"Hello @{ben.handle}")
    grown(talk, [ana, ben], 10)
    page, where = browser(ben), path(talk, rest)
    page.get(LIST)  # the first page of a sign-in stamps it
    first = statements_of(lambda: page.get(where))
    few = statements_of(lambda: page.get(where))

    grown(talk, [ana, ben, *(factories_member(group) for _ in range(5))], 990)
    page.get(path(talk, "?at=1000"))

    assert statements_of(lambda: page.get(where)) == few == 7
    assert first == few + 2, (
        "the first look notes how far it has read, and that the lines about it are read"
    )


def factories_member(group):
    person = factories.user()
    factories.membership(group, person)
    return person


def test_the_list_takes_the_same_statements_for_many_threads(
    browser, statements_of, group, ana, ben
):
    thread(group, ana)
    page = browser(ben)
    few = statements_of(lambda: page.get(LIST))
    for number in range(15):
        said(thread(group, factories_member(group), f"No {number}"), ana)
    threads.pin(db.session.scalars(sa.select(Thread)).first(), by=ana)
    db.session.commit()

    assert statements_of(lambda: page.get(LIST)) == few == 4


def test_an_erased_author_is_shown_as_former_member_and_their_posts_stay(browser, group, ana, ben):
    from webapp.accounts import erasing
    from webapp.conversation import erasing as posts_erasing

    talk = thread(group, ana)
    said(talk, ben, "Oil it well.")
    posts_erasing.erase(ben)
    ben.deactivated_at = clock.now()
    erasing.anonymise(ben)
    db.session.commit()
    page = browser(ana)

    page.get(path(talk))

    assert "Oil it well." in page.text
    assert "Former member" in page.text
    assert "Okafor" not in page.text
