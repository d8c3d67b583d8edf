"""Comments on votes: for everyone who sees the vote, moderated by the group's moderators."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.records import notifications
from webapp.conversation import access, replies, threads
from webapp.conversation.models import Thread
from webapp.core import live
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.groups import memberships, reads as group_reads
from webapp.groups.models import MODERATOR
from webapp.ops.retention import purge
from webapp.voting.comments import VoteContainer
from webapp.voting.planning import votes

from . import making


@pytest.fixture
def vote(group, ana):
    return making.vote(group, ana)


def said(vote, by, words="What speaks for bread?"):
    made = replies.add(VoteContainer(vote).begin(), by, words)
    db.session.commit()
    return made


def test_members_write_and_read_comments_on_the_vote_page(vote, ana, ben, cem, browser):
    page = browser(ben)
    page.get(vote.path)
    page.submit(f"{vote.path}/comments/replies", body="What speaks for **bread**?")
    page = browser(ana)
    page.get(vote.path)
    assert page.page.select_one("#comments .post strong").get_text() == "bread"
    page.get(f"{vote.path}/comments")
    assert "Discussion of “What do we bring?”" in page.text

    for path in (f"{vote.path}/comments", vote.path):
        assert browser(cem).get(path).status_code == 404
    assert browser(cem).post(f"{vote.path}/comments/replies", {"body": "Me too"}).status_code == 404


def test_the_author_is_told_of_comments_and_the_page_updates_live(vote, ana, ben, emails, signals):
    said(vote, ben)
    emails()

    [line] = notifications("reply.arrived", ana)
    assert line.url == f"{vote.path}/comments?at=1#r1"
    assert f"vote:{vote.id}:comments" in signals
    assert live.may_watch(ben, f"vote:{vote.id}")


def test_moderators_close_the_thread_and_former_members_cannot_read_it(vote, group, ana, ben):
    mod = factories.user("Mo", "Dera")
    factories.membership(group, mod, MODERATOR)
    reply = said(vote, ben)
    threads.lock(reply.thread, by=mod)
    db.session.commit()
    with pytest.raises(UserError):
        replies.add(reply.thread, ben, "One more thing")
    db.session.rollback()

    memberships.remove(group_reads.membership_of(group, ben), by=ana)
    db.session.commit()
    assert not access.container_of(reply.thread).exists_for(ben)
    assert not live.may_watch(ben, f"vote:{vote.id}")


def test_the_thread_has_the_votes_title_truncated_to_fit(group, ana):
    vote = making.vote(group, ana, title="W" * 160)
    thread = said(vote, ana).thread
    assert thread.title == "W" * 120
    votes.update(vote, by=ana, plan=making.plan(title="Shorter"))
    assert thread.title == "Shorter"


def test_the_thread_is_purged_with_its_vote(app, vote, ben):
    said(vote, ben)
    vote.deleted_at = clock.now().replace(year=2020)
    db.session.commit()
    of_votes = {line.key: line for line, _number in purge.lines()}
    for key in ("votes", "vote-comments"):
        purge.carry_out(of_votes[key])

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Thread)) == 0
