"""Posts can be reported by their readers, decided on in their group, and hidden or unhidden."""

import pytest
from werkzeug.exceptions import NotFound

from tests import factories
from tests.moderation.reporting import judged, lines, reported
from webapp.conversation import removals
from webapp.core.extensions import db
from webapp.groups.models import MODERATOR
from webapp.moderation.reportable_types import THINGS

from .talking import path, said, thread


@pytest.fixture
def mod(context):
    return factories.user("Mo", "Dera")


@pytest.fixture
def reply(ana, ben, mod):
    """A reply of Ben's in Ana's group, in which Mo moderates."""
    group = factories.group(ana, ben)
    factories.membership(group, mod, MODERATOR)
    return said(thread(group, ana), ben, "Rude words")


def test_members_see_a_report_link_on_other_peoples_posts(browser, reply, ana, ben):
    for person, number in ((ana, 1), (ben, 0)):
        page = browser(person)
        page.get(path(reply.thread))
        assert len(page.page.select("#r1 a[href*='report']")) == number
    page = browser(ana)
    page.get(path(reply.thread))
    page.get(page.page.select_one("#r1 a[href*='report']")["href"])
    assert page.answer.status_code == 200


def test_non_readers_cannot_report_a_post(reply, cem):
    with pytest.raises(NotFound):
        THINGS["reply"].load(cem, reply.id)


def test_deleted_and_hidden_posts_cannot_be_reported(reply, ana, mod):
    member = factories.user()
    factories.membership(reply.thread.group, member)
    removals.hide(reply, by=mod, reason="Rude")

    with pytest.raises(NotFound):
        THINGS["reply"].load(member, reply.id)


def test_hiding_a_reported_post_notifies_its_author_once(reply, ana, ben, mod):
    case = reported("reply", reply, ana)
    assert THINGS["reply"].excerpt(reply) == "Rude words"
    assert any("It squeaks." in line[2] for line in THINGS["reply"].around(reply, mod))

    judged(case, "hidden", mod)

    db.session.refresh(reply)
    assert reply.hidden_at is not None
    assert (len(lines(ben, "case.decided")), lines(ben, "reply.removed")) == (1, [])


def test_moderators_cannot_unhide_their_own_posts(browser, reply, ana, mod):
    words = said(reply.thread, mod, "Ruder words")
    judged(reported("reply", words, ana), "hidden", ana)
    page = browser(mod)
    page.get(path(reply.thread))

    assert not page.page.select("form[action$='/showing']")
    assert page.post(path(reply.thread, f"/replies/{words.id}/showing")).status_code == 403
    assert words.hidden_at is not None


def test_a_group_cannot_unhide_posts_hidden_by_site_admins(browser, reply, ana, ben, mod, dia):
    words = said(reply.thread, ana, "An owner's rude words")
    judged(reported("reply", words, ben), "hidden", dia)
    for person in (ana, mod):
        page = browser(person)
        page.get(path(reply.thread))
        assert page.post(path(reply.thread, f"/replies/{words.id}/showing")).status_code == 403
    assert words.hidden_at is not None


def test_a_decision_can_be_lifted_after_the_post_was_deleted(reply, ana, ben, mod):
    case = judged(reported("reply", reply, ana), "hidden", mod)
    removals.delete(reply, by=ben)
    db.session.commit()
    judged(case, "lifted", ana)

    assert (case.outcome, reply.removed_by) == ("lifted", "author")
