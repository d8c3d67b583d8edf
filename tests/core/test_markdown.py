"""Markdown as people write it: nothing of it gets lost, and addresses become links."""

from itertools import product

import pytest
from bs4 import BeautifulSoup, NavigableString

from tests.security.test_words_typed import LINKS
from webapp.core.text import markdown
from webapp.core.text.bare_links import LONGEST
from webapp.core.text.markdown_parser import MOST_EMPTY_CELLS, parser

pytestmark = pytest.mark.any_database

LINES = [
    "word **bold *both*** ~~gone~~ `code <b>` <b>&amp; &copy; \\* &lt; 'q' \"q\" "
    "example.org/x, ana@example.org and https://example.org/_/a.",
    "[text](https://example.org/a 'A title') <https://example.org/b> [](https://example.org/c) "
    "[file](ftp://example.org) [call](tel:+6421) [<https://a.example>](/e) "
    "![cat](https://example.org/c.png 'Tom') [![cat](c.png)](/d)",
    "[ref] and [![cat][ref]][ref], @ana, 你好@ben, שלום and \x01\x0b\x1b\n\n[ref]: https://a.example",
]
BLOCKS = [
    "{}",
    "# {}",
    "{}\n===",
    "| Head | {} |\n|:-:|--:|\n| cell | {} |\n| short |\n| a | b | c |",
    "```python\n{}\n```",
    "    {}",
    "{}  \nnext line\n\n---\n\nlast",
    "3. {}\n4. four",
    "- [ ] {}\n- [x] done\n- [x]",
]
#: Before the first and before each other line of what is inside.
AROUND = [
    ("", ""),
    ("> ", "> "),
    ("- ", "  "),
    ("7) ", "   "),
    ("- [x] ", "  "),
    ("> - > ", ">   > "),
]
CORPUS = [
    "\n".join(first + line if not at else rest + line for at, line in enumerate(lines))
    for (first, rest), block, words in product(AROUND, BLOCKS, LINES)
    for lines in [block.format(*[words] * block.count("{}")).split("\n")]
]


def parts(html):
    """Return each element with its attributes, and the text, in the order of the HTML."""
    found = []
    for part in BeautifulSoup(html, "html.parser").descendants:
        if isinstance(part, NavigableString):
            found.append(str(part))
        else:
            found.append(
                (part.name, {k: v for k, v in part.attrs.items() if k not in ("rel", "dir")})
            )
    return found


def shown(text):
    return BeautifulSoup(markdown.render(text), "html.parser").get_text()


def links(text):
    """Return the label of each link in the text, with where it leads."""
    page = BeautifulSoup(markdown.render(text), "html.parser")
    return {link.get_text(): link["href"] for link in page.select("a[href]")}


def test_the_sanitizer_removes_nothing_that_the_parser_makes():
    for text in CORPUS:
        made = parser().render(text, {"deeper": 2})
        assert parts(made) == parts(markdown.render(text)), text


@pytest.mark.parametrize("sign", ["> ", "- ", "1. ", "> - ", "- [ ] ", "- > "])
def test_what_is_nested_deeper_than_the_limit_is_shown_flat(sign):
    words = [f"level{at}" for at in range(40)]
    stairs = "\n".join(sign * at + word for at, word in enumerate(words))
    indented = "\n".join(f"{' ' * 3 * at}{sign}{word}" for at, word in enumerate(words))

    for text in (sign * 40 + "bottom", stairs, indented, stairs.replace("\n", "\n\n")):
        seen = shown(text)
        assert [word for word in [*words, "bottom"] if word in text and word not in seen] == []
    html = str(markdown.render(sign * 40 + "bottom"))
    assert html.count("<li") <= 10
    assert html.count("<blockquote") <= 20


@pytest.mark.parametrize(
    ("text", "label", "target"),
    [
        ("https://example.org/x_y_z?a=1&b=2.", "https://example.org/x_y_z?a=1&b=2", ""),
        ("see example.org/x, please", "example.org/x", "https://example.org/x"),
        ("(www.example.org)", "www.example.org", "https://www.example.org"),
        ("folkmoot.nz!", "folkmoot.nz", "https://folkmoot.nz"),
        ("maker.community", "maker.community", "https://maker.community"),
        ("ask ana@example.org;", "ana@example.org", "mailto:ana@example.org"),
        ("*https://example.org/_/a_b*", "https://example.org/_/a_b", ""),
        ("_https://example.org/a_b_ ~~b~~:", "https://example.org/a_b", ""),
        ("at https://example.org/a:b:", "https://example.org/a:b", ""),
        ("at example.org/a: b", "example.org/a", "https://example.org/a"),
        ("https://example.org/a_(b) c", "https://example.org/a_(b)", ""),
        ("„https://example.org/a“", "https://example.org/a", ""),
        ("请看https://example.org/a。谢谢", "https://example.org/a", ""),
        ("https://example.org/@ana", "https://example.org/@ana", ""),
        ("[our site](example.org)", "our site", "https://example.org"),
        ("[write](ana@example.org)", "write", "mailto:ana@example.org"),
        ("[here](/groups)", "here", "/groups"),
        ("[Photos]: https://example.org/a", "https://example.org/a", ""),
        ("see [photos]\n\n[Photos]: https://example.org/a", "photos", "https://example.org/a"),
        ("<https://example.org/%E2%80%AE>", "https://example.org/%E2%80%AE", ""),
        ("http://xn--pple-43d.com", "http://xn--pple-43d.com", ""),
        ("http://аpple.com", "http://аpple.com", "http://xn--pple-43d.com"),
    ],
)  # fmt: skip
def test_addresses_become_links_as_they_are_written(text, label, target):
    assert links(text) == {label: target or label}


@pytest.mark.parametrize(
    "text",
    [
        *(link for link in LINKS if "http" not in link),
        "ok.So and there.It is",
        "citoyen.ne, ami.es",
        "at 7.pm",
        "README.md run.py 1.2.3 e.V. z.B.",
        "`https://example.org` and\n\n    example.org\n\n```\nana@example.org\n```",
        "//example.org/x",
        "http\\://example.org",
        "x" * LONGEST + "://example.org/" + "y" * LONGEST,
    ],
)
def test_what_only_looks_like_an_address_stays_text(text):
    assert links(text) == {}


def test_lists_keep_their_numbers_and_tasks_their_boxes():
    html = str(markdown.render("3. gloves\n4. hats\n\n- [ ] milk\n- [x] bread"))

    assert '<ol start="3">\n<li>gloves' in html
    assert '<li class="task">☐ milk' in html
    assert '<li class="task">☑ bread' in html
    assert shown("1984. What a year") == "1984. What a year\n"


def test_tables_scroll_and_keep_their_alignment():
    page = BeautifulSoup(markdown.render("|a|b|c|\n|-|-:|:-:|\n|1|2|3|"), "html.parser")

    assert page.select_one("div.scroll[tabindex='0'] > table")
    assert [cell.get("class") for cell in page.select("td")] == [None, ["n"], ["mid"]]


def test_a_table_adds_few_empty_cells():
    text = "|" + "a|" * 200 + "\n|" + "-|" * 200 + "\n" + "x\n" * 5000
    html = str(markdown.render(text))

    assert html.count("<td") < MOST_EMPTY_CELLS + 500
    assert shown(text).count("x") == 5000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3. gloves\n4. hats\n   1. wool\n   1. felt", "3. gloves 4. hats 1. wool 2. felt"),
        ("1) one\n2) two\n\n- [x] done\n- more", "1) one 2) two ☑ done more"),
        ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
        ("see example.org/x", "see example.org/x"),
        ("> > " * 15 + "deep", "> " * 10 + "deep"),
    ],
)
def test_excerpts_keep_numbers_boxes_and_cells(text, words):
    assert markdown.plain(text) == words
