"""Untrusted HTML as words and tags."""

import pytest

from webapp.news import html_tokens

pytestmark = pytest.mark.any_database

ENDLESS = "<a '\">\"'"


def said(html, silent=()):
    return [token.tag or token.words for token in html_tokens.tokens(html, silent)]


def test_tokens_come_in_order_without_the_content_of_silent_elements():
    assert said("a &amp; <b title='<i>'>c</b><script>'</p>'</script><p>d", {"script"}) == [
        "a & ",
        "b",
        "c",
        "b",
        "p",
        "d",
    ]


def test_tags_are_found_after_many_unclosed_ones():
    link = "<link href='https://weir.example.org/feed'>"
    assert said(f"{ENDLESS * 100}'>{link}")[-1] == "link"


@pytest.mark.parametrize("is_bounded", [True, False], ids=["as it is", "control"])
def test_unclosed_tags_are_scanned_in_linear_time(monkeypatch, is_bounded):
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
