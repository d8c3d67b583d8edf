"""Drawn cards: words in many scripts, none as boxes, inside of the picture; covers as on our own
pages.
"""

import re
import sys
from io import BytesIO

import pytest
from PIL import Image

from webapp.config import ROOT
from webapp.core.text.strings import dotted
from webapp.core.ui import card_drawing, card_text, share_cards
from webapp.core.ui.artwork import ALL_SCENES, LIGHTS
from webapp.core.ui.share_cards import Card

pytestmark = pytest.mark.any_database

ALPHABETS = [
    "Ūpokongaro, Łódź, Trần, þorp, Ğöz",
    "Ελληνικά",
    "Привет, Київ",
    "שלום",
    "مرحبا بالعالم",
    "नमस्ते",
    "বাংলা",
    "தமிழ்",
    "ไทย",
    "ქართული",
    "Հայերեն",
]


@pytest.mark.parametrize("text", ALPHABETS)
def test_fonts_have_the_letters_of_many_scripts(text):
    assert card_text.drawable(text) == text
    assert "".join(part for part, _family in card_text.runs(text)) == text


@pytest.mark.parametrize("text", ["日本語", "한국어", "中文 and English", "ትግርኛ"])
def test_words_with_letters_that_no_font_has_are_left_out(text):
    assert card_text.drawable(text) == ""


@pytest.mark.parametrize(
    ("text", "drawn"),
    [("Picnic 🧺 at two", "Picnic at two"), ("🎉", ""), ("A\u200db\u2028c", "Ab c"), ("", "")],
)
def test_signs_that_no_font_has_are_left_out_alone(text, drawn):
    assert card_text.drawable(text) == drawn


@pytest.mark.parametrize("title", ["W" * 300, "long word " * 40, "ไ" * 200, "a", *ALPHABETS])
def test_a_title_fits_its_card(title):
    for size, most, _top in card_drawing.TITLES:
        found = card_text.shortened(title, size, card_drawing.INNER, most)
        assert 0 < len(found) <= most
        assert all(card_text._width(line, size) <= card_drawing.INNER for line in found)


def test_a_card_is_drawn_outside_of_the_process_that_answers(monkeypatch):
    """In it all other requests would wait: resvg doesn't release Python's lock."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)

    drawn = share_cards.draw(Card("Today", "Picnic", "Here", "Folkmoot", ("ring", "")))

    assert Image.open(BytesIO(drawn)).size == (card_drawing.WIDTH, card_drawing.HEIGHT)


def test_titles_of_two_lines_break_in_the_middle():
    title = "Clean-up at the bend, and a long walk along the river to the sea"
    first, second = card_text.lines(title, 52, card_drawing.INNER, 2)
    assert f"{first} {second}" == title
    assert abs(len(first) - len(second)) < 8


def pixels(card):
    with Image.open(BytesIO(share_cards.draw(card))) as drawn:
        return drawn.convert("RGB")


@pytest.mark.parametrize(
    ("place", "begins_and_ends"),
    [
        (("Leith", "שלום (19:00)!"), ("L", "ש")),
        (("שלום (19:00)!", "Leith"), ("!", "h")),
    ],
)
def test_a_name_within_a_line_keeps_its_own_direction(place, begins_and_ends):
    """A wide letter or a narrow "!" at each end of the line tells which one it is."""
    picture = pixels(Card("", "", dotted(*place), "", ("hills", "")))
    row = picture.crop((0, 540, 700, 590)).convert("L").point(lambda grey: (grey < 160) * 255)
    row = row.crop(row.getbbox())
    has_ink = [row.crop((x, 0, x + 1, row.height)).getbbox() is not None for x in range(row.width)]
    widths = [ink[::step].index(False) for ink in [has_ink] for step in (1, -1)]

    assert [width < 8 for width in widths] == [sign == "!" for sign in begins_and_ends]


def test_titles_from_right_to_left_begin_on_the_right():
    def first_ink(title):
        picture = pixels(Card("", title, "", "", ("hills", "")))
        row = picture.crop((0, 400, 1200, 540)).convert("L").point(lambda grey: (grey < 100) * 255)
        return row.getbbox()

    left, _top, right, _bottom = first_ink("Seed swap")
    assert left < 90
    assert right < 900
    left, _top, right, _bottom = first_ink("שלום")
    assert right > 1110
    assert left > 300


def test_words_of_people_are_not_markup():
    card = Card("<b>", "</text><rect/> & 'x' \"y\"", "&amp;", "<!--", ("hills", ""))
    assert pixels(card).size == (1200, 630)


def test_every_scene_is_drawn_in_plain_colours():
    assert set(card_drawing._scenes()) == ALL_SCENES
    for scene in ALL_SCENES:
        assert "var(" not in card_drawing._cover((scene, "night"), 284)


def test_lights_are_those_of_the_stylesheet():
    css = " ".join((ROOT / "static/css/components.css").read_text().split())
    usual = re.search(r"\.cover \{ (--t: .*?;) display", css)[1]
    own = {"": usual} | dict(re.findall(r"\.cover\.(\w+) \{ (--t: [^}]*?) \}", css))
    numbers = {
        light: tuple(
            float((re.search(rf"--{name}: ([\d.]+)", styles) or re.search("(0)", "0"))[1])
            for name in "tusd"
        )
        for light, styles in own.items()
    }
    assert numbers == card_drawing.LIGHTS
    assert set(numbers) == set(LIGHTS)


def test_colours_are_converted_as_css_says():
    assert card_drawing._hex(1, 0, 0) == "#ffffff"
    assert card_drawing._hex(0.62796, 0.25768, 29.234) == "#ff0000"
