"""Which characters of typed text are kept."""

import pytest

from webapp.core.http.forms import normal_lines, single_line
from webapp.core.text.strings import folded
from webapp.news import sanitizer

pytestmark = pytest.mark.any_database

FARMER, RAINBOW = "\U0001f469\u200d\U0001f33e", "\U0001f3f3\ufe0f\u200d\U0001f308"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
JOINED = [FARMER, RAINBOW, SCOTLAND, PERSIAN]
#: A zero-width space, a joiner without neighbours to join, a change of direction, and letters that
#: show nothing.
INVISIBLE = ["\u200b", "\u200d", "\u202e", "\u3164", "\u2800", "\u115f"]


@pytest.mark.parametrize("text", JOINED, ids=["farmer", "rainbow", "scotland", "persian"])
def test_joined_emoji_and_letters_stay_together(text):
    assert single_line(f" {text}  garden ") == f"{text} garden"
    assert normal_lines(f"{text}\r\n{text}") == f"{text}\n{text}"
    assert sanitizer.words(f"<p>{text}</p>", 100) == text


@pytest.mark.parametrize("sign", INVISIBLE, ids=ascii)
def test_invisible_characters_are_removed(sign):
    assert single_line(sign * 3) == ""
    assert single_line(f"Fr{sign}ee") == "Fr ee"
    assert normal_lines(f"Fr{sign}ee") == "Free"


def test_search_ignores_zero_width_joiners():
    assert folded(PERSIAN) == folded(PERSIAN.replace("\u200c", ""))


def test_repeated_joiners_are_removed():
    assert single_line("\u05d0\u200d\u200d\u200d\u05d0") == "\u05d0 \u05d0"
