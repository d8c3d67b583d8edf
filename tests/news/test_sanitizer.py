"""Untrusted HTML on our pages."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings, strategies as st

from webapp.news.sanitizer import LONGEST, clean, words

pytestmark = pytest.mark.any_database

BASE = "https://weir.example.org/a/"
CORPUS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)><a href='javascript:alert(1)'>x</a></svg>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:x' onclick='alert(1)' style='x' class='btn'>x</a>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action='/sign-out' method='post'><button>x</button><input name=a></form>",
    "<style>@import 'https://evil.example.org'</style><link rel=stylesheet href=//evil>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<object data=//evil><embed src=//evil></object><base href=//evil><meta http-equiv=refresh "
    "content=0>",
    "<p hx-get='/account' hx-trigger='load' data-password-for=x id=main>x</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<x-element is=x>y</x-element><details open ontoggle=alert(1)>z",
    "\x00<\x00script>alert(1)</script>",
    "<video src=//evil.example.org/v poster=//evil autoplay></video><audio src=x><source "
    "srcset=//evil>",
]
ALLOWED = {
    "p",
    "br",
    "hr",
    "a",
    "strong",
    "em",
    "s",
    "code",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "h2",
    "h3",
    "h4",
    "h5",
}


def harm_in(html):
    """Return what is more than text, lists and links to the web."""
    page = BeautifulSoup(html, "html.parser")
    found = [tag.name for tag in page.find_all(True) if tag.name not in ALLOWED]
    for tag in page.find_all(True):
        found += [
            f"{tag.name} {name}"
            for name in tag.attrs
            if not (tag.name == "a" and name in {"href", "rel"})
        ]
        if tag.name == "a" and not re.match(r"https?://", tag.get("href", "https://")):
            found.append(tag["href"])
    return found


@pytest.mark.parametrize("html", CORPUS)
def test_nothing_harmful_of_the_xss_corpus_is_left(html):
    assert harm_in(clean(html, BASE)) == []


def test_harmful_html_is_recognized():
    for html in ("<script>x</script>", "<p id=x>", "<a href='javascript:x'>", "<img>"):
        assert harm_in(html)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>a <b>b</b> <i>c</i></p>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<h1>a</h1><h6>b</h6>", "<h2>a</h2><h5>b</h5>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>d", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>d"),
        ("<li>a", "<p>a</p>"),
        ("<b>a<p>b</b>c", "<strong>a</strong><p>bc</p>"),
        ("a<br/>b<hr>c", "a<br>b<hr>c"),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "<p>a</p><p>b</p>"),
        ("<tr><th>a</th><td><b>b</b></td><td>c</td></tr>", "<p>a <strong>b</strong> c</p>"),
        ("<ol start=3><li>a</ol>", '<ol start="3"><li>a</li></ol>'),
        ("<ol start=x><li>a</ol>", "<ol><li>a</li></ol>"),
        ("<p></p><p> </p>a", "a"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ("<a>x</a>", "x"),
    ],
)
def test_text_and_lists_are_kept(html, shown):
    assert clean(html, BASE) == shown


LINK = '<a href="{}" rel="nofollow ugc noopener noreferrer">{}</a>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<a href='b'>x</a>", LINK.format("https://weir.example.org/a/b", "x")),
        ("<a href='//else.example.org'>x</a>", LINK.format("https://else.example.org", "x")),
        (
            "<img src='/eel.jpg' alt='An eel'>",
            LINK.format("https://weir.example.org/eel.jpg", "An eel"),
        ),
        (
            "<img src='/an%20eel.jpg'>",
            LINK.format("https://weir.example.org/an%20eel.jpg", "an eel.jpg"),
        ),
        (
            "<a href='/b'><img src='/eel.jpg' alt='An eel'></a>",
            LINK.format("https://weir.example.org/b", "An eel"),
        ),
        ("<img src='/count' width=1 height=1>a", "a"),
        ("<img alt=x>a", "a"),
        (
            "<iframe src='https://film.example.org/1' title='A film'>b</iframe>",
            LINK.format("https://film.example.org/1", "A film"),
        ),
    ],
)
def test_links_and_pictures_become_web_links(html, shown):
    assert clean(html, BASE).removesuffix(" b").removesuffix("b").strip() == shown


HARD = [
    "<b>",
    "<b a=1>",
    "<p>",
    "<div>",
    "<ul><li>",
    "<blockquote>",
    "<a href=/x>",
    "</p>",
    "<table>",
    "<b><p>",
]
HARD += ["<", "<!--", "&", "<a ", "<![", "<?", "</", "<font size=1><p>", "&#", "<a href='"]


@pytest.mark.parametrize("unit", HARD)
def test_expensive_html_is_sanitized_cheaply(unit):
    shown = clean(unit * (LONGEST // len(unit)), BASE)
    assert len(shown) < 8 * LONGEST
    depth = 0
    for tag in re.findall(r"<(/?)(?!br|hr)\w+", shown):
        depth += -1 if tag else 1
        assert depth <= 14


def test_overlong_html_is_cut_before_a_tag():
    shown = clean("<p>" + "a" * (LONGEST - 10) + "<a href='https://x.example.org'>b</a>", BASE)
    assert "href" not in shown


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>a</p><p>b</p>", "a b"),
        ("a<script>b</script>c", "ac"),
        ("a &lt; b &amp;amp; c\n\n d", "a < b &amp; c d"),
        ("word " * 50, "word word word…"),
        ("w" * 50, "w" * 18 + "…"),
        ("\u202eabc\x07", "abc"),
    ],
)
def test_plain_text_is_one_line(html, said):
    assert words(html, 19 if said[0] == "w" else 100) == said


@settings(max_examples=150)
@given(st.text(st.sampled_from("<>/ab='\" &#;!-img srchefonpli[]"), max_size=120))
def test_nothing_harmful_is_left_of_arbitrary_html(html):
    assert harm_in(clean(html, BASE)) == []
    assert len(words(html, 30)) <= 30
