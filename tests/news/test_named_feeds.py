"""The feed that a web page names."""

import pytest
from hypothesis import given, settings, strategies as st

from webapp.news import feeds

pytestmark = pytest.mark.any_database

BASE = "https://weir.example.org/blog/"
RSS = '<link rel="alternate" type="application/rss+xml" href="{}">'
ATOM = "<LINK HREF='{}' TYPE='application/atom+xml; charset=utf-8' REL='home Alternate' />"


def named(head, base=BASE):
    return feeds.named_feed(f"\ufeff\n<!doctype html><html><head>{head}".encode(), base)


@pytest.mark.parametrize(
    ("head", "feed"),
    [
        (RSS.format("feed.xml"), "https://weir.example.org/blog/feed.xml"),
        (ATOM.format("/atom?a=1&amp;b=2"), "https://weir.example.org/atom?a=1&b=2"),
        (
            RSS.replace("rss+xml", "feed+json").format("//dam.example.org/f"),
            "https://dam.example.org/f",
        ),
        (RSS.format("/posts") + RSS.format("/comments"), "https://weir.example.org/posts"),
        (RSS.format("javascript:x") + ATOM.format("/atom"), "https://weir.example.org/atom"),
        ("<base href='/old/'>" + RSS.format("feed"), "https://weir.example.org/old/feed"),
        (
            "<title>" + "x" * 50_000 + "</title>" + RSS.format("/late"),
            "https://weir.example.org/late",
        ),
    ],
)
def test_the_first_usable_feed_link_is_found(head, feed):
    assert named(head) == feed


@pytest.mark.parametrize(
    "head",
    [
        "",
        RSS.format(""),
        RSS.format("http://weir.example.org/feed"),
        RSS.replace("alternate", "stylesheet").format("/feed"),
        RSS.replace("rss+xml", "json").format("/wp-json"),
        f"<!-- {RSS.format('/old')} --><script>x = '{RSS.format('/script')}'</script>",
        f"</head><body>{RSS.format('/by-someone-who-comments')}",
    ],
)
def test_a_page_without_feed_links_has_no_feed(head):
    assert named(head) == ""


def test_an_http_page_can_name_an_http_feed():
    assert named(RSS.format("/feed"), "http://weir.example.org/") == "http://weir.example.org/feed"


def test_a_document_that_is_not_html_names_no_feed():
    assert (
        feeds.named_feed(f"<rss><channel>{RSS.format('/feed')}</channel></rss>".encode(), BASE)
        == ""
    )


@settings(max_examples=30)
@given(st.text(alphabet="<>=\"'/! alinkrebs&;\x00é", max_size=60), st.binary(max_size=20))
def test_an_arbitrary_page_names_a_web_url_or_nothing(wild, end):
    page = f"<html><link rel=alternate type=application/atom+xml {wild}>".encode() + end
    assert feeds.named_feed(page, BASE).startswith("https://") or feeds.named_feed(page, BASE) == ""
