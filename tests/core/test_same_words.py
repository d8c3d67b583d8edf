"""What people read as one name is one: options, choices, rooms, tracks, tickets and topics."""

import unicodedata

import pytest

from tests import factories
from webapp.core.text.strings import folded
from webapp.core.text.typed import same_words

pytestmark = pytest.mark.any_database

#: Two spellings of the same words.
SAME = [
    ("Café", unicodedata.normalize("NFD", "Café")),
    ("Straße", "STRASSE"),
    ("Tea", "ｔｅａ"),
    ("Tea", "T\u200be\u00ada"),
    ("a b", "a\u00a0 b"),
    ("❤️", "❤"),
    ("می\u200cخواهم", "میخواهم"),
    ("ﬁsh", "Fish"),
]
DIFFERENT = [
    ("Café", "Cafe"),
    ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
     "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"),
    ("👍🏽", "👍🏿"),
    ("🩷", "🩵"),
    ("C", "C++"),
]  # fmt: skip
CAFE, AGAIN = SAME[0]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_words_are_recognized(one, other):
    assert same_words(one) == same_words(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_words_are_not(one, other):
    assert same_words(one) != same_words(other)


#: Where names must differ, with the fields of one and of another. `{}` are the event's and the
#: group's slugs.
LISTS = {
    "rooms": ("/events/{event}/manage/rooms", {"name": CAFE}, {"name": AGAIN}),
    "tracks": ("/events/{event}/manage/tracks", {"called": CAFE}, {"called": AGAIN}),
    "tickets": (
        "/events/{event}/manage/tickets",
        {"label": CAFE, "price": "free", "currency": "EUR"},
        {"label": AGAIN, "price": "free", "currency": "EUR"},
    ),
    "topics": ("/admin/topics", {"name": CAFE}, {"name": AGAIN}),
    "choices": (
        "/events/{event}/manage/questions",
        {"text": "Where?", "kind": "choice", "option_1": CAFE, "option_2": "Bar"},
        {"text": "Where else?", "kind": "choice", "option_1": CAFE, "option_2": AGAIN},
    ),
    "answers of a join question": (
        "/groups/{group}/manage/questions",
        {"text": "Where?", "kind": "choice", "options": f"{CAFE}\nBar"},
        {"text": "Where else?", "kind": "choice", "options": f"{CAFE}\n{AGAIN}"},
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_no_list_has_the_same_words_twice(name, browser, context):
    owner = factories.user("Ana", is_admin=True)
    group = factories.group(owner, join_policy="approve")
    event = factories.event(owner, group)
    path, fields, others = LISTS[name]
    url = path.format(event=event.slug, group=group.slug)
    page = browser(owner)

    assert page.post(url, fields).status_code == 303
    assert page.post(url, others).status_code == 422


def test_no_vote_has_the_same_words_twice(browser, ana):
    group = factories.group(ana)
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")
    page.submit("kind=single", title="Where?", options=f"{CAFE}\n{AGAIN}")

    assert page.error_at("options") == "Option 2 is the same as option 1."


def test_search_finds_names_without_their_accents():
    """Unlike names that must differ."""
    assert folded(CAFE) == folded("cafe")
