"""Text has enough contrast in every accent, light and dark: computed from the tokens by WCAG
2.2.
"""

import itertools
import re

import pytest

from webapp.accounts.settings import ACCENTS
from webapp.config import ROOT
from webapp.core.ui.card_drawing import linear

pytestmark = pytest.mark.any_database

CSS = re.sub(r"/\*.*?\*/", "", (ROOT / "static" / "css" / "tokens.css").read_text(), flags=re.S)
CSS = re.sub(r"\s+", " ", CSS)
HUES = {
    name: (float(hue), float(chroma))
    for name, hue, chroma in re.findall(
        r'\[data-accent="(\w+)"\] \{ --h: ([\d.]+); --c: ([\d.]+); \}', CSS
    )
}
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z-]+): light-dark\(oklch\(([^/]*?)\), oklch\(([^/]*?)\)\);", CSS
    )
}
#: text and its background, for every accent; other colours don't depend on the accent
PAIRS = [
    *itertools.product(
        ["accent", "accent-deep", "ink", "quiet"], ["paper", "sheet", "accent-wash"]
    ),
    ("accent", "wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("ink", "accent-line"),
]
ENOUGH = 4.5


def oklch(words: str, hue: float, chroma: float) -> tuple[float, float, float]:
    """Return lightness, chroma and hue of a token."""
    words = words.replace("var(--h)", str(hue)).replace("var(--c)", str(chroma))
    words = re.sub(
        r"calc\(([\d.]+) \* ([\d.]+)\)", lambda found: str(float(found[1]) * float(found[2])), words
    )
    lightness, its_chroma, its_hue = map(float, words.split())
    return lightness, its_chroma, its_hue


def luminance(words: str, accent: str) -> float:
    """Return the relative luminance of a token with this accent."""
    red, green, blue = linear(*oklch(words, *HUES[accent]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, accent: str, dark: bool) -> float:
    """Return the contrast ratio, from 1 (the same) to 21 (black on white)."""
    lights = sorted(luminance(TOKENS[name][dark], accent) for name in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_colour_conversion_is_right_for_black_white_and_red():
    assert linear(1, 0, 0) == pytest.approx((1, 1, 1), abs=1e-3)
    assert linear(0, 0, 0) == (0, 0, 0)
    assert linear(0.62796, 0.25768, 29.234) == pytest.approx(
        (1, 0, 0), abs=1e-3
    )  # red, by CSS Color 4


def test_the_eight_accents_to_choose_are_defined_in_the_tokens():
    assert len(ACCENTS) == 8
    assert set(HUES) == set(ACCENTS)
    assert {name for pair in PAIRS for name in pair} <= set(TOKENS)


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_has_enough_contrast_in_every_accent(accent, dark):
    found = {pair: round(contrast(*pair, accent, dark), 2) for pair in PAIRS}

    assert not {pair: ratio for pair, ratio in found.items() if ratio < ENOUGH}


def test_an_accent_that_is_too_pale_is_found(monkeypatch):
    monkeypatch.setitem(TOKENS, "accent", (".75 var(--c) var(--h)", ".82 var(--c) var(--h)"))

    assert contrast("accent", "paper", "gorse", dark=False) < ENOUGH
