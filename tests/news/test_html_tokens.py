"""HTML of strangers as words and tags."""

import pytest

from webapp.news import html_tokens

pytestmark = pytest.mark.any_database

ENDLESS = "<a '\">\"'"


def said(html, silent=()):
    return [token.tag or token.words for token in html_tokens.tokens(html, silent)]


def test_words_and_tags_come_in_their_order_without_what_silent_elements_hold():
    assert said("a &amp; <b title='<i>'>c</b><script>'</p>'</script><p>d", {"script"}) == [
        "a & ",
        "b",
        "c",
        "b",
        "p",
        "d",
    ]


def test_tags_are_read_among_many_without_an_end():
    link = "<link href='https://weir.example.org/feed'>"
    assert said(f"{ENDLESS * 100}'>{link}")[-1] == "link"


@pytest.mark.parametrize("is_bounded", [True, False], ids=["as it is", "control"])
def test_tags_without_an_end_are_read_few_times_over(monkeypatch, is_bounded):
    looked = []

    class Counting:
        def match(self, html, start, end):
            looked.append(min(end, len(html)) - start)
            return tag.match(html, start, end)

    tag, length = html_tokens._TAG, 40_000
    monkeypatch.setattr(html_tokens, "_TAG", Counting())
    if not is_bounded:
        monkeypatch.setattr(html_tokens, "_MANY", length)
    said(ENDLESS * (length // len(ENDLESS)))
    assert (sum(looked) < 20 * length) == is_bounded
