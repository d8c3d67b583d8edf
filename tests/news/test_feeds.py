"""Feeds in every supported format, and malformed and malicious ones."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from tests.news.hosts import RSS
from webapp.news import feeds
from webapp.news.feeds import feed as said, xml
from webapp.news.feeds.detect import decoded
from webapp.news.fetch_errors import FetchError
from webapp.news.models import KINDS

pytestmark = pytest.mark.any_database

BASE = "https://weir.example.org/feed"
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title type="html">The &amp;lt;b&amp;gt; weir</title>
<link rel="self" href="https://weir.example.org/atom"/><link href="https://weir.example.org/"/>
<entry><id>tag:1</id><title>Eels</title><link rel="enclosure" href="/a.mp3"/><link href="eels"/>
<updated>2026-03-02T10:00:00Z</updated><author><name>Mere</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Forty &amp; <b>more</b></p></div></content></entry>
<entry><id>tag:2</id><title type="text">a &lt; b</title><published>2026-03-01T10:00:00+13:00</published>
<summary type="html">&lt;i&gt;low&lt;/i&gt;</summary></entry>
</feed>"""  # noqa: E501
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>Old weir</title><link>https://weir.example.org/</link></channel>
<item><title>Eels</title><link>https://weir.example.org/eels</link><dc:date>2026-03-02</dc:date><dc:creator>Mere</dc:creator></item></rdf:RDF>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Weir & co",
"home_page_url": "https://weir.example.org/", "items": [
{"id": 1, "url": "https://weir.example.org/1", "content_html": "<p>Eels</p>",
"date_published": "2026-03-02T10:00:00Z",
"authors": [{"name": "Mere"}]}, {"id": "2", "content_text": "Low\\n\\nwater <3", "external_url": "https://else.example.org/"}]}"""
POSTS = """[{"userId": 1, "id": 1, "title": "sunt aut", "body": "quia et\\nsuscipit"},
{"id": 2, "title": "b", "body": "<p>c</p>"}, 3]"""


def read(text, content_type=""):
    return feeds.read(text if isinstance(text, bytes) else text.encode(), BASE, content_type)


def trouble_with(text):
    with pytest.raises(FetchError) as trouble:
        read(text)
    return trouble.value.word


def test_rss_is_parsed():
    feed = read(RSS)
    assert (feed.kind, feed.title, feed.home_url) == (
        "rss",
        "The weir",
        "https://weir.example.org/",
    )
    eels = feed.entries[0]
    assert (eels.id, eels.title, eels.url) == (
        "1",
        "Eels are back",
        "https://weir.example.org/eels",
    )
    assert (eels.html, eels.published) == (
        "<p>Forty of them.</p>",
        datetime(2026, 3, 2, 10, tzinfo=UTC),
    )


def test_rss_prefers_the_full_text_and_uses_a_permalink_guid_as_link():
    items = "<item><guid>https://weir.example.org/g</guid><description>short</description><content:encoded>long</content:encoded></item>"
    items += (
        "<item><guid "
        "isPermaLink='false'>https://weir.example.org/h</guid><media:title>no</media:title><title>yes</title></item>"
    )
    items += "<item><atom:link href='https://weir.example.org/i'/></item>"
    one, two, three = read(f"<rss><channel>{items}</channel></rss>").entries
    assert (one.html, one.url) == ("long", "https://weir.example.org/g")
    assert (two.title, two.url, two.id) == ("yes", "", "https://weir.example.org/h")
    assert three.url == "https://weir.example.org/i"


def test_rss_1_items_beside_the_channel_are_parsed():
    feed = read(RDF)
    assert (feed.kind, feed.title, [one.title for one in feed.entries]) == (
        "rss",
        "Old weir",
        ["Eels"],
    )
    assert (feed.entries[0].author, feed.entries[0].published) == (
        "Mere",
        datetime(2026, 3, 2, tzinfo=UTC),
    )


def test_atom_is_parsed():
    feed = read(ATOM)
    assert (feed.kind, feed.home_url) == ("atom", "https://weir.example.org/")
    eels, low = feed.entries
    assert (eels.id, eels.url, eels.author) == ("tag:1", "https://weir.example.org/eels", "Mere")
    assert "<p>Forty &amp; <b>more</b></p>" in eels.html
    assert (low.title, low.html, low.published) == (
        "a &lt; b",
        "<i>low</i>",
        datetime(2026, 2, 28, 21, tzinfo=UTC),
    )


def test_atom_with_a_namespace_prefix_is_parsed():
    assert [
        one.title
        for one in read("<a:feed><a:entry><a:title>x</a:title></a:entry></a:feed>").entries
    ] == ["x"]


def test_json_feed_is_parsed():
    feed = read(JSON_FEED)
    assert (feed.kind, feed.title) == ("json", "Weir &amp; co")
    one, two = feed.entries
    assert (one.id, one.html, one.author) == ("1", "<p>Eels</p>", "Mere")
    assert (two.html, two.url) == ("<p>Low</p><p>water &lt;3</p>", "https://else.example.org/")


@pytest.mark.parametrize(
    "text", [POSTS, '{"posts": ' + POSTS + "}", '{"data": ' + POSTS + ', "page": 1}']
)
def test_posts_of_an_api_are_parsed(text):
    feed = read(text)
    one, two = feed.entries
    assert (feed.kind, one.id, one.title, one.html) == (
        "posts",
        "1",
        "sunt aut",
        "<p>quia et<br>suscipit</p>",
    )
    assert two.html == "<p>c</p>"


@pytest.mark.parametrize("text", ["[]", '{"posts": []}', "<rss><channel/></rss>", "<feed/>"])
def test_an_empty_feed_is_valid(text):
    assert read(text).entries == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no_feed"),
        ("Hello", "no_feed"),
        ("{}", "no_feed"),
        ('{"posts": 3}', "no_feed"),
        ("[1, 2]", "no_feed"),
        ('[{"a": 1}]', "no_feed"),
        ("<opml/>", "no_feed"),
        ("<rss/>", "no_feed"),
        ("<svg onload='x'/>", "no_feed"),
        ("<!DOCTYPE html><html><body>Hi", "page"),
        ("<?xml version='1.0'?>\n<!-- a --><html xmlns='http://www.w3.org/1999/xhtml'/>", "page"),
        ("<rss><channel>", "broken"),
        ("<rss><channel></rss></channel>", "broken"),
        ("{", "broken"),
        ("[" * 100_000, "broken"),
        ('{"a":' * 100_000, "broken"),
        ("[" + "9" * 5000 + "]", "broken"),
        ("<a>" * 100_000, "broken"),
        ("<rss>" + "<a/>" * 70_000 + "</rss>", "broken"),
    ],
)
def test_invalid_feeds_are_refused_with_their_reason(text, word):
    assert trouble_with(text) == word


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha">'
LAUGHS += "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in ["ab", "bc", "cd", "de"]
)
ENTITIES = [
    LAUGHS + "]><rss><channel><title>&e;</title></channel></rss>",
    "<!DOCTYPE rss [<!ENTITY x SYSTEM "
    '"file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>',
    '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd">%x;]><rss><channel/></rss>',
    '<!DOCTYPE rss [<!ENTITY x "'
    + "a" * 50_000
    + '">]><rss><channel><title>'
    + "&x;" * 1000
    + "</title></channel></rss>",
]


@pytest.mark.parametrize("text", ENTITIES, ids=["laughs", "file", "parameter", "blow-up"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_expansion_attacks_are_refused(text, encoding):
    assert trouble_with(text.encode(encoding)) == "broken"


def test_control_without_the_refusal_entities_are_expanded(monkeypatch):
    monkeypatch.setattr(xml, "_refuse", lambda *_declared: None)
    text = (
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b '
        '"&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
    )
    assert read(text).title == "haha"


ADDED = (
    "<!DOCTYPE rss [<!ATTLIST b said CDATA "
    '"ha">]><rss><channel><title>T</title><b/><b/></channel></rss>'
)


def test_default_attributes_in_a_dtd_are_refused():
    assert trouble_with(ADDED.encode()) == "broken"


def test_control_without_the_refusal_default_attributes_are_repeated(monkeypatch):
    monkeypatch.setattr(xml, "_refuse", lambda *_declared: None)
    assert [one.attrib for one in xml.tree_of(ADDED).iter("b")] == [{"said": "ha"}, {"said": "ha"}]


def test_an_external_dtd_is_ignored():
    dtd = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://127.0.0.1:1/rss.dtd">'
    )
    assert read(dtd + "<rss><channel><title>T</title></channel></rss>").title == "T"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("caf&eacute; &amp; bar", "café & bar"),
        ("fish & chips", "fish & chips"),
        ("a\x0bb\x00c", "abc"),
        ("&unknown; &nbsp;x", "\xa0x"),
        ("<![CDATA[<b>x</b>]]>", "<b>x</b>"),
    ],
)
def test_careless_xml_is_repaired(written, title):
    assert read(f"<rss><channel><title>{written}</title></channel></rss>").title == title.strip()


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("<é>".encode(), "", "<é>"),
        ("<é>".encode("utf-8-sig"), "text/xml; charset=iso-8859-1", "<é>"),
        ("<é>".encode("utf-16"), "", "<é>"),
        ("<é>".encode("utf-16-le"), "", "<é>"),
        ("<é>".encode("latin-1"), "", "<é>"),
        ("<é>".encode("latin-1"), "text/xml; charset=utf-8", "<é>"),
        ("<ж>".encode("koi8-r"), "text/xml; charset=KOI8-R", "<ж>"),
        (
            "<?xml version='1.0' encoding='windows-1251'?><ж>".encode("cp1251"),
            "text/xml",
            "<?xml version='1.0' encoding='windows-1251'?><ж>",
        ),
        ("<ж>".encode("cp1251"), "text/xml; charset=punycode", "<æ>"),
        (b"<\xff\x81>", "text/xml; charset=unicode_escape", "<ÿ\ufffd>"),
        ("あ".encode("shift_jis"), "charset='Shift_JIS'", "あ"),
    ],
)
def test_the_encoding_is_detected_whatever_the_headers_say(body, content_type, text):
    assert decoded(body, content_type) == text


def test_the_number_of_entries_is_limited():
    items = "<item><title>x</title></item>" * 500
    assert len(read(f"<rss><channel>{items}</channel></rss>").entries) == said.MOST_ENTRIES
    assert (
        len(read("[" + ",".join('{"id": 1, "title": "x"}' for _post in range(500)) + "]").entries)
        == said.MOST_ENTRIES
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 02 Mar 2026 10:00:00 +1300", datetime(2026, 3, 1, 21, tzinfo=UTC)),
        ("2 Mar 2026 10:00 EST", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("2026-03-02T10:00:00Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02 10:00:00 UTC", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        *(
            (text, None)
            for text in ("", "yesterday", "0001-01-01", "1969-12-31T00:00:00Z", None, 5, [])
        ),
        ("9999-12-31T23:59:59-23:00", None),
        *(
            (text, None)
            for text in (
                "99 Foo 2026",
                "Mon, 99 Mar 2026 10:00:00 +9999",
                "²",
                "\x00",
                "0001-01-01T00:00:00+14:00",
            )
        ),
    ],
)
def test_dates_are_parsed_or_ignored(written, moment):
    assert said.moment(written) == moment


HARMFUL = [
    "javascript:alert(1)",
    "data:text/html,x",
    "http://[",
    "ftp://x.org/",
    "a\x00b",
    "http://x/" + "a" * 1000,
    "/a b",
    None,
]


@pytest.mark.parametrize("url", HARMFUL)
def test_links_to_anything_but_the_web_are_ignored(url):
    assert said.link(BASE, url) == ""


ODD = ["<", "]]>", "&", "&#0;", "&#xD800;", "<!--", "\x00"]
WILD = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(ODD)


@settings(max_examples=60)
@given(st.lists(WILD, min_size=6, max_size=6))
def test_a_feed_with_arbitrary_content_is_parsed_or_refused_with_a_reason(words):
    title, link, html, date, name, id = words
    item = f"<item><guid>{id}</guid><title>{title}</title><link>{link}</link><description><![CDATA[{html}]]></description>"  # noqa: E501
    item += f"<dc:creator>{name}</dc:creator><pubDate>{date}</pubDate></item>"
    entry = (
        f"<entry><id>{id}</id><title type='html'>{title}</title><link "
        f"href='{link}'/><content>{html}</content>"
    )
    entry += f"<author><name>{name}</name></author><updated>{date}</updated></entry>"
    for text in (f"<rss><channel>{item}</channel></rss>", f"<feed>{entry}</feed>"):
        with suppress(FetchError):
            assert all(one.url == "" or one.url.startswith("http") for one in read(text).entries)


WHOLE = [RSS.encode(), ATOM.encode(), JSON_FEED.encode()]


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.sampled_from(WHOLE), st.binary(max_size=5), st.integers(0, 400))
def test_arbitrary_bytes_are_parsed_or_refused_with_a_reason(body, change, place):
    with suppress(FetchError):
        assert read(body[:place] + change + body[place + len(change) :]).kind in KINDS


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | WILD
VALUES = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=3), max_leaves=4)
NAMES = [
    "id",
    "title",
    "body",
    "url",
    "link",
    "author",
    "authors",
    "date",
    "content_html",
    "summary",
]


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES), max_size=3))
def test_arbitrary_api_lists_are_parsed_or_refused_with_a_reason(posts):
    for listed in (posts, {"version": "https://jsonfeed.org/version/1", "items": posts}):
        with suppress(FetchError):
            assert all(
                isinstance(value, str)
                for one in read(json.dumps(listed)).entries
                for value in (one.id, one.title, one.html)
            )
