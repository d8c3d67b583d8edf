"""What someone wrote can be reported by those who read it, judged where it stands, and hidden
or shown again.
"""

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
    """Ben's, in Ana's group, in which Mo moderates."""
    group = factories.group(ana, ben)
    factories.membership(group, mod, MODERATOR)
    return said(thread(group, ana), ben, "Rude words")


def test_members_find_the_way_to_report_what_others_wrote(browser, reply, ana, ben):
    for person, number in ((ana, 1), (ben, 0)):
        page = browser(person)
        page.get(path(reply.thread))
        assert len(page.page.select("#r1 a[href*='report']")) == number
    page = browser(ana)
    page.get(path(reply.thread))
    page.get(page.page.select_one("#r1 a[href*='report']")["href"])
    assert page.answer.status_code == 200


def test_those_who_do_not_read_it_report_nothing(reply, cem):
    with pytest.raises(NotFound):
        THINGS["reply"].load(cem, reply.id)


def test_what_is_gone_or_hidden_for_the_reader_cannot_be_reported(reply, ana, mod):
    member = factories.user()
    factories.membership(reply.thread.group, member)
    removals.hide(reply, by=mod, reason="Rude")

    with pytest.raises(NotFound):
        THINGS["reply"].load(member, reply.id)


def test_a_moderator_hides_it_and_the_author_is_told_once(reply, ana, ben, mod):
    case = reported("reply", reply, ana)
    assert THINGS["reply"].excerpt(reply) == "Rude words"
    assert any("It squeaks." in line[2] for line in THINGS["reply"].around(reply, mod))

    judged(case, "hidden", mod)

    db.session.refresh(reply)
    assert reply.hidden_at is not None
    assert (len(lines(ben, "case.decided")), lines(ben, "reply.removed")) == (1, [])


def test_moderators_do_not_show_their_own_words_again(browser, reply, ana, mod):
    words = said(reply.thread, mod, "Ruder words")
    judged(reported("reply", words, ana), "hidden", ana)
    page = browser(mod)
    page.get(path(reply.thread))

    assert not page.page.select("form[action$='/showing']")
    assert page.post(path(reply.thread, f"/replies/{words.id}/showing")).status_code == 403
    assert words.hidden_at is not None


def test_nobody_in_the_group_shows_what_the_sites_admins_have_hidden(
    browser, reply, ana, ben, mod, dia
):
    words = said(reply.thread, ana, "An owner's rude words")
    judged(reported("reply", words, ben), "hidden", dia)
    for person in (ana, mod):
        page = browser(person)
        page.get(path(reply.thread))
        assert page.post(path(reply.thread, f"/replies/{words.id}/showing")).status_code == 403
    assert words.hidden_at is not None


def test_a_decision_is_lifted_also_when_the_words_are_gone_by_then(reply, ana, ben, mod):
    case = judged(reported("reply", reply, ana), "hidden", mod)
    removals.delete(reply, by=ben)
    db.session.commit()
    judged(case, "lifted", ana)

    assert (case.outcome, reply.removed_by) == ("lifted", "author")
