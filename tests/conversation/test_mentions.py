"""`@handle`: what counts as a mention, who is notified, and where it links."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK, EVERYONE, NOBODY
from webapp.conversation import following, mentions, replies, threads
from webapp.conversation.models import MUTED, Mention
from webapp.core.extensions import db
from webapp.core.text import markdown
from webapp.core.time import clock
from webapp.groups.models import MODERATOR
from webapp.notifications.models import Notification

from .talking import path, said, thread


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@ana-souza", ["ana-souza"]),
        ("Hello @Ana-Souza, and @ben. (@cem!)", ["ana-souza", "ben", "cem"]),
        ("**@ana** and > @ben\n\n- @cem", ["ana", "ben", "cem"]),
        ("@ana @ana", ["ana"]),
        ("`@ana` and\n\n    @ben\n\n```\n@cem\n```", []),
        ("[@ana](https://example.org) ana@example.org <ana@example.org> x/@ana", []),
        ("@ @- @-ana @ä", []),
        ("![@ana](https://example.org/x.png)", []),
        ("@" + "a" * 5000, ["a" * 5000]),
        ("你好@tane-hohepa，今天@ana来吗", ["tane-hohepa", "ana"]),
        ("สวัสดี@ana こんにちは@ben さん@cem", ["ana", "ben", "cem"]),
        ("你好@example.org @ana@social.example example.org/@ana https://example.org/@ben", []),
        ("> @ana\n\n@ben\n\n- > @cem\n> > @ana", ["ben"]),
    ],
)
def test_handles_in_text_are_recognized_as_mentions(text, named):
    assert markdown.handles_in(text) == named


def test_only_known_handles_become_links():
    html = markdown.render(
        "@ana, @eve `@ana` [x @ana](https://example.org)", 2, (("ana", "/people/ana"),)
    )

    assert html.count('href="/people/ana"') == 1
    assert "@eve" in html


def test_an_external_picture_becomes_a_link(browser, ana):
    group = factories.group(ana)
    talk = thread(group, ana, words="![a cat](https://example.org/cat.png)")
    page = browser(ana)
    page.get(path(talk))

    assert (
        page.page.select_one("article a[href='https://example.org/cat.png']").get_text() == "a cat"
    )
    assert not page.page.select("article .prose img")


def notified(user):
    lines = sa.select(sa.func.count()).where(
        Notification.user_id == user.id, Notification.kind == "reply.mentioned"
    )
    return db.session.scalar(lines)


def test_mentioned_members_are_notified_once_despite_edits(ana, ben, cem):
    group = factories.group(ana, ben)
    talk = thread(
        group, ana, words=f"@{ben.handle} and @{cem.handle} and @{ana.handle} and `@{ben.handle}`"
    )
    answer = said(talk, ana, "Nobody")
    assert (notified(ana), notified(ben), notified(cem)) == (0, 1, 0)

    replies.edit(answer, ana, 1, f"@{ben.handle}")
    replies.edit(answer, ana, 2, "Nobody again")
    replies.edit(answer, ana, 3, f"@{ben.handle} after all")
    db.session.commit()

    assert notified(ben) == 2
    assert {row.handle for row in db.session.scalars(sa.select(Mention))} == {ben.handle}


def test_people_who_muted_the_thread_are_not_notified_of_mentions(ana, ben):
    talk = thread(factories.group(ana, ben), ana)
    following.choose(talk, ben, MUTED)

    said(talk, ana, f"@{ben.handle}")

    assert notified(ben) == 0


@pytest.mark.parametrize("others", [mentions.MOST, mentions.MOST + 1])
def test_a_post_with_too_many_mentions_is_refused_with_a_sentence(browser, ana, others):
    people = [factories.user() for _ in range(others)]
    talk = thread(factories.group(ana, *people), ana)
    words = " ".join(f"@{person.handle}" for person in people) + " @anyone @else"
    page = browser(ana)
    page.get(path(talk))

    answer = page.submit(path(talk, "/replies"), body=words)

    is_refused = others > mentions.MOST
    assert answer.status_code == (422 if is_refused else 200)
    assert ("up to 10 people in one post, and this mentions 11" in page.text) == is_refused
    assert not is_refused or page.page.select_one("#body").get_text().strip() == words
    assert sum(notified(person) for person in people) == (0 if is_refused else others)


def test_quotes_notify_nobody(ana, ben, cem):
    talk = thread(factories.group(ana, ben, cem), ana, words=f"@{cem.handle}, @{ana.handle}")

    said(talk, ben, f"> @{cem.handle}, @{ana.handle}\n\nYes!")
    answer = said(talk, ben, f"> @{cem.handle}\n\n@{ana.handle}, no")
    replies.edit(answer, ben, 1, f"> @{cem.handle}\n\n@{cem.handle}, no")
    db.session.commit()

    assert (notified(ana), notified(cem)) == (1, 2)


@pytest.mark.parametrize(
    ("profile_visibility", "belongs", "links"),
    [(EVERYONE, False, 1), ("groups", True, 1), ("groups", False, 0), (NOBODY, True, 0)],
)
def test_mentions_link_only_to_profiles_the_reader_can_see(
    browser, ana, ben, profile_visibility, belongs, links
):
    from webapp.groups import memberships, reads

    group = factories.group(ana, ben)
    talk = thread(group, ana, words=f"Hello @{ben.handle}")
    ben.profile_visibility = profile_visibility
    if not belongs:
        memberships.remove(reads.membership_of(group, ben), by=ana)
    db.session.commit()
    page = browser(ana)

    page.get(path(talk))

    assert len(page.page.select(f".prose a[href='/people/{ben.handle}']")) == links
    assert f"@{ben.handle}" in page.text


def test_mentions_link_to_the_current_handle(browser, ana, ben):
    from webapp.accounts import handles

    talk = thread(factories.group(ana, ben), ana, words=f"Hello @{ben.handle}")
    handles.change(ben, "benedict")
    db.session.commit()
    page = browser(ana)

    page.get(path(talk))

    assert page.page.select_one(".prose a[href='/people/benedict']").get_text() == "@ben-okafor"


def offered(tab, place, typed):
    """Return the handles that the page at this path offers for `@` and the typed text."""
    tab.fragment(f"{place}?mention={typed}", "ul#mentions")
    return [option["data-handle"] for option in tab.page.select("[role=option]")]


@pytest.mark.parametrize("typed", ["b", "B", "ben", "Oka", "ben-ok", "BEN-"])
def test_mention_suggestions_match_names_and_handles(browser, ana, ben, cem, typed):
    group = factories.group(ana, ben)
    talk = thread(group, ana)
    tab = browser(ana)

    for place in (path(talk), f"{group.path}/conversation"):
        assert offered(tab, place, typed) == [ben.handle]
        assert offered(tab, place, "cem") == offered(tab, place, "ana") == []
        assert offered(tab, place, "en") == offered(tab, place, "%25") == []


def test_mention_suggestions_are_limited(browser, ana):
    group = factories.group(ana, *(factories.user("Ben") for _ in range(9)))
    talk = thread(group, ana)

    assert len(offered(browser(ana), path(talk), "ben")) == mentions.OFFERED
    assert len(offered(browser(ana), path(talk), "")) == mentions.OFFERED


def test_only_people_who_can_reply_get_mention_suggestions(browser, visitor, ana, ben, cem):
    talk = thread(factories.group(ana, ben), ana)
    assert offered(browser(ben), path(talk), "ana") == [ana.handle]

    for tab in (visitor, browser(cem)):
        assert offered(tab, path(talk), "ana") == []
    threads.lock(talk, ana)
    db.session.commit()
    assert offered(browser(ben), path(talk), "ana") == []


def test_mention_suggestions_omit_people_the_reader_cannot_know(browser, ana, ben, cem):
    group = factories.group(ana, ben, cem)
    group.may_see_members = MODERATOR
    talk = thread(group, ana)
    db.session.commit()

    assert offered(browser(ben), path(talk), "ana") == [ana.handle]  # she started the thread
    assert offered(browser(ben), path(talk), "cem") == []
    said(talk, cem)
    assert offered(browser(ben), path(talk), "cem") == [cem.handle]
    assert offered(browser(ana), path(talk), "ben") == [ben.handle]  # owners see the list


def test_mention_suggestions_omit_blocked_and_inactive_people(browser, ana, ben, cem):
    talk = thread(factories.group(ana, ben, cem), ana)
    blocks.block_or_mute(ana, ben, BLOCK)
    cem.deactivated_at = clock.now()
    db.session.commit()

    assert (
        offered(browser(ana), path(talk), "ben") == offered(browser(ana), path(talk), "cem") == []
    )


def test_the_first_comment_has_mention_suggestions(browser, ana, ben):
    event = factories.event(ana, factories.group(ana, ben))
    db.session.commit()

    assert offered(browser(ben), f"{event.path}/comments", "ana") == [ana.handle]
