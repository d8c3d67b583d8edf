"""Posts of people you muted or blocked are collapsed on every page, for you only."""

import pytest

from tests import factories
from tests.voting import making
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK, MUTE
from webapp.conversation import removals
from webapp.core.extensions import db
from webapp.events.comments import EventContainer
from webapp.groups.models import MODERATOR
from webapp.voting.comments import VoteContainer

from .talking import path, said, thread

MUTED, BLOCKED = "Post by someone you muted", "Post by someone you blocked"


@pytest.fixture
def group(ana, ben, cem):
    made = factories.group(ana, ben, name="Weir", slug="weir")
    factories.membership(made, cem, MODERATOR)
    return made


@pytest.fixture
def places(group, ana):
    """A thread, and the comments of an event and of a vote; each with the pages that show its
    posts.
    """
    talk, event, vote = (
        thread(group, ana),
        factories.event(ana, group, slug="swap"),
        making.vote(group, ana),
    )
    return [
        (talk, [path(talk)]),
        (EventContainer(event).begin(), [event.path, f"{event.path}/comments"]),
        (VoteContainer(vote).begin(), [vote.path, f"{vote.path}/comments"]),
    ]


def folded(page):
    """Return the summaries of collapsed posts, each with the text behind it."""
    found = page.page.select("article.post > details:not([open])")
    return [
        (one.summary.get_text(), one.select_one(".prose").get_text(strip=True)) for one in found
    ]


def test_posts_of_muted_people_are_collapsed_only_for_those_who_muted_them(
    browser, group, places, ana, ben, cem
):
    blocks.block_or_mute(cem, ben, MUTE)
    for talk, _pages in places:
        said(talk, ben, "Oil it.")
        said(talk, ana, "I will.")
    moderator, other = browser(cem), browser(ana)
    for talk, pages in places:
        for page in pages:
            moderator.get(page)
            assert folded(moderator) == [(MUTED, "Oil it.")], page
            assert "I will." in moderator.text
            other.get(page)
            assert folded(other) == []
            assert "Oil it." in other.text

        moderator.get(pages[-1])
        place = moderator.page.select_one("#newer")["hx-get"].partition("?")[0]
        moderator.fragment(f"{place}?since={talk.last_number - 2}", "newer")
        assert [words for words, _said in folded(moderator)] == [MUTED]
        moderator.fragment(
            f"{place}?only={talk.last_number - 1}", f"article#r{talk.last_number - 1}"
        )
        assert [words for words, _said in folded(moderator)] == [MUTED]


def test_collapsed_posts_say_blocked_and_expand_after_unblocking(browser, places, ben, cem):
    [(talk, [page]), *_] = places
    said(talk, ben, "Oil it.")
    blocks.block_or_mute(cem, ben, BLOCK)
    db.session.commit()
    reader = browser(cem)
    reader.get(page)
    assert folded(reader) == [(BLOCKED, "Oil it.")]

    blocks.end(cem, ben)
    db.session.commit()
    reader.get(page)
    assert folded(reader) == []


def test_deleted_and_hidden_posts_are_not_collapsed(browser, places, ana, ben, cem):
    [(talk, [page]), *_] = places
    first, second = said(talk, ben, "One"), said(talk, ben, "Two")
    removals.hide(first, ana, "Spam")
    removals.delete(second, ben)
    blocks.block_or_mute(ana, ben, MUTE)
    blocks.block_or_mute(cem, ben, MUTE)
    db.session.commit()
    reader = browser(cem)
    reader.get(page)
    assert [words for words, _said in folded(reader)] == [MUTED]  # a moderator can read hidden text
    assert "Deleted by its author." in reader.text
