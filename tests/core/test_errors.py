"""Error pages: no text that someone typed is lost, and no link leads to another site."""

from uuid import uuid4

import pytest

from tests import factories
from webapp.conversation import threads
from webapp.core.extensions import db
from webapp.core.http.limits import allowances
from webapp.core.http.limits.counters import Counters

WORDS = "Bring your boots,\nthe weir is muddy."


def no_thread(group, event):
    return f"/groups/{group.slug}/conversation/{uuid4()}/replies", 404


def not_theirs(group, event):
    return f"/events/{event.slug}/manage/messages", 403


@pytest.mark.parametrize("refusing", [no_thread, not_theirs])
def test_error_pages_show_the_text_of_a_refused_form_for_copying(browser, ana, ben, refusing):
    group = factories.group(ana, ben)
    path, status = refusing(group, factories.event(ana, group))
    db.session.commit()

    page = browser(ben)
    answer = page.post(
        path, {"body": WORDS, "proof": "of an open secret", "key": "of a secret ballot"}
    )

    assert answer.status_code == status
    assert [text.get_text().strip() for text in page.page.find_all("textarea")] == [WORDS]
    assert "secret" not in page.text


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("{group}/conversation/{id}", "Go to the group"),
        ("{group}/members", "Go to the group"),
        ("{event}/manage", "Go to the event"),
    ],
)
def test_a_shared_link_to_what_members_see_leads_on(browser, ana, cem, path, label):
    """Who signed up for it can join from there."""
    group = factories.group(ana)
    event, thread = factories.event(ana, group), threads.start(group, ana, "Cups", "Whose?")
    db.session.commit()
    page = browser(cem)

    answer = page.get(path.format(group=group.path, event=event.path, id=thread.id))

    assert answer.status_code == 403
    [way] = page.page.select("main .btn.main")
    assert way.get_text() == label
    page.get(way["href"])
    assert page.answer.status_code == 200
    assert (label == "Go to the event") or "Join group" in page.text


def test_the_try_again_link_never_leads_to_another_site(app, visitor, monkeypatch):
    monkeypatch.setitem(app.extensions, "allowances", allowances.Allowances(1, 1, 1, Counters()))
    asked = [visitor.get("/%5Celsewhere.example.org/?y=1").status_code for _one in range(6)]

    assert asked == [404] * 5 + [429]
    [again] = [
        link["href"] for link in visitor.page.select("main a") if link.get_text() == "Try again"
    ]
    assert again == "/%5Celsewhere.example.org/?y=1"


@pytest.mark.parametrize(
    "text", ["とても楽しみにしています。", "one\ntwo", "https://example.org/map"]
)
def test_texts_without_a_space_are_kept_when_the_sign_in_has_expired(visitor, ana, text):
    event = factories.event(ana)
    answer = visitor.post(f"{event.path}/comments/replies", {"body": text}, csrf=False)

    assert answer.status_code == 401
    assert "You’re signed out." in visitor.text
    assert visitor.page.find(id="written-1").get_text().strip() == text
