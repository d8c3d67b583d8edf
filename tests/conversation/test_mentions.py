"""`@handle`: what counts as naming someone, who is told, and where it leads."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts.models import EVERYONE, NOBODY
from webapp.conversation import following, replies
from webapp.conversation.models import MUTED, Mention
from webapp.core.extensions import db
from webapp.core.text import markdown
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
    ],
)
def test_what_names_someone(text, named):
    assert markdown.handles_in(text) == named


def test_only_handles_with_an_address_become_links():
    html = markdown.render(
        "@ana, @eve `@ana` [x @ana](https://example.org)", 2, (("ana", "/people/ana"),)
    )

    assert html.count('href="/people/ana"') == 1
    assert "@eve" in html


def test_a_picture_from_elsewhere_is_a_link(browser, ana):
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


def test_members_who_are_named_are_told_once_however_often_it_is_changed(ana, ben, cem):
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


def test_who_has_muted_the_thread_is_not_told(ana, ben):
    talk = thread(factories.group(ana, ben), ana)
    following.choose(talk, ben, MUTED)

    said(talk, ana, f"@{ben.handle}")

    assert notified(ben) == 0


def test_ten_people_are_told_of_one_text_at_most(ana):
    people = [factories.user() for _ in range(12)]
    group = factories.group(ana, *people)

    thread(group, ana, words=" ".join(f"@{person.handle}" for person in people))

    assert sum(notified(person) for person in people) == 10


@pytest.mark.parametrize(
    ("profile_visibility", "belongs", "links"),
    [(EVERYONE, False, 1), ("groups", True, 1), ("groups", False, 0), (NOBODY, True, 0)],
)
def test_it_leads_to_pages_that_the_reader_may_see(
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


def test_it_leads_to_the_handle_of_today(browser, ana, ben):
    from webapp.accounts import handles

    talk = thread(factories.group(ana, ben), ana, words=f"Hello @{ben.handle}")
    handles.change(ben, "benedict")
    db.session.commit()
    page = browser(ana)

    page.get(path(talk))

    assert page.page.select_one(".prose a[href='/people/benedict']").get_text() == "@ben-okafor"
