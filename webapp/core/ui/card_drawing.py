"""Draw a share card: a cover, and below it a title with a date and a place.

Browsers draw covers from `static/covers.svg` in the colours of `static/css/components.css`, here
resvg does.
"""

import math
import re
import subprocess
import sys
from functools import cache

from markupsafe import Markup

from ...config import ROOT
from . import card_text
from .artwork import Art

WIDTH, HEIGHT = 1200, 630
#: The height of the cover, and the margin beside the words.
COVER, MARGIN = 284, 64
INNER = WIDTH - 2 * MARGIN
PAPER, INK, QUIET, GREEN = "#fbf8f1", "#14231b", "#4b574e", "#2b5a41"
#: The hues of a light, and how much darker it is: --t, --u, --s and --d of components.css.
LIGHTS = {
    "": (100, 150, 85, 0.0),
    "dawn": (50, 165, 38, 0.0),
    "heath": (345, 335, 60, 0.0),
    "river": (215, 225, 92, 0.0),
    "harvest": (88, 66, 42, 0.0),
    "night": (268, 262, 95, 0.42),
}
START = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"
    viewBox="0 0 {WIDTH} {HEIGHT}"><path fill="{PAPER}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>"""
#: The program that draws, and the seconds that it may take.
DRAW = """
import sys
import resvg_py

svg = sys.stdin.buffer.read().decode()
made = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=sys.argv[1:])
sys.stdout.buffer.write(made)
"""
PATIENCE = 30.0
#: The sizes in which a title is tried, with the number of lines and where the first one stands.
TITLES = ((84, 1, 470), (68, 1, 464), (62, 2, 440), (52, 2, 436))


def draw(kicker: str, title: str, place: str, site: str, art: Art) -> bytes:
    """Return the card with these words and this cover as PNG."""
    texts = kicker, title, place, site = [*map(card_text.drawable, (kicker, title, place, site))]
    lower = 0 if title else 120
    parts = [_cover(art, COVER + lower), *_line(kicker, 32, 358 + lower, GREEN)]
    parts += [*_title(title), *_line(place, 30, HEIGHT - 54, QUIET, 720), _signature(site)]
    families = {family for text in texts for _part, family in card_text.runs(text)}
    files = [str(card_text.FOLDER / card_text.FONTS[family]) for family in sorted(families)]
    return _drawn(START + "".join(parts) + "</svg>", files)


def _drawn(svg: str, fonts: list[str]) -> bytes:
    """Draw in a process of its own: in ours, all threads would wait until resvg has finished."""
    command = [sys.executable, "-I", "-c", DRAW, *fonts]
    return subprocess.run(
        command, input=svg.encode(), capture_output=True, check=True, timeout=PATIENCE
    ).stdout


def _cover(art: Art, height: int) -> str:
    scene, light = art
    view = f'width="{WIDTH}" height="{height}" viewBox="0 0 400 160"'
    drawing = _scenes()[scene]
    for number, colour in enumerate(colours_of(light)):
        drawing = drawing.replace(f"var(--k{number})", colour)
    return f'<svg {view} preserveAspectRatio="xMidYMid slice">{drawing}</svg>'


def _title(title: str) -> list[str]:
    fitting = (look for look in TITLES if card_text.lines(title, look[0], INNER, look[1]))
    size, most, top = next(fitting, TITLES[-1])
    found = card_text.lines(title, size, INNER, most)
    found = found or card_text.shortened(title, size, INNER, most)
    from_right = card_text.is_right_to_left(title)
    x = WIDTH - MARGIN if from_right else MARGIN
    return [
        _text(line, size, x, top + round(number * size * 1.12), INK, from_right)
        for number, line in enumerate(found)
    ]


def _line(text: str, size: int, y: int, colour: str, width: int = INNER) -> list[str]:
    """Return one line of text on the left, shortened to this width; none if it is empty."""
    lines = card_text.shortened(text, size, width)
    return [_text(line, size, MARGIN, y, colour) for line in lines]


def _signature(site: str) -> str:
    """Return the mark at the bottom right, with the site's name beside it."""
    mark = _mark().replace("currentColor", GREEN)
    right, y = WIDTH - MARGIN, HEIGHT - 54
    stones = f'<svg x="{right - 44}" y="{y - 34}" width="44" height="44"{mark}</svg>'
    names = [
        _text(name, 30, right - 60, y, INK, True) for name in card_text.shortened(site, 30, 300)
    ]
    return "".join([stones, *names])


def _text(text: str, size: int, x: int, y: int, colour: str, ends_at_x: bool = False) -> str:
    anchor = "end" if ends_at_x else "start"
    # an embedding, because resvg takes every text for one that is written from the left
    backwards = card_text.is_right_to_left(text)
    marks = ("\u202b", "\u202c") if backwards else ("", "")
    words = Markup("").join(
        Markup('<tspan font-family="{}">{}</tspan>').format(family, part)
        for part, family in card_text.runs(text)
    )
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"'
        f' font-family="{card_text.USUAL}">{marks[0]}{words}{marks[1]}</text>'
    )


@cache
def _scenes() -> dict[str, str]:
    sprite = (ROOT / "static/covers.svg").read_text()
    return dict(re.findall(r'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', sprite, re.S))


@cache
def _mark() -> str:
    icons = (ROOT / "static/icons.svg").read_text()
    found = re.search(r'<symbol id="mark"(.*?)</symbol>', icons, re.S)
    assert found
    return found[1]


@cache
def colours_of(light: str) -> tuple[str, ...]:
    """Return the colours --k0 to --k4 of covers in this light, in light mode."""
    t, u, s, d = LIGHTS[light]
    return (
        _hex(0.93 - d, 0.035, t),
        _hex(0.85 + d * 0.1, 0.11, s),
        _hex(0.78 - d, 0.06, u),
        _hex(0.63 - d * 0.75, 0.075, u),
        _hex(0.46 - d * 0.5, 0.07, u),
    )


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """Return an OKLCH colour in sRGB."""
    parts = linear(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _gamma(part)):02x}" for part in parts)


def linear(lightness: float, chroma: float, hue: float) -> tuple[float, ...]:
    """Return red, green and blue of an OKLCH colour as linear light, clipped to what a screen can
    show (CSS Color 4, section 10).
    """
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    light = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return tuple(min(1.0, max(0.0, part)) for part in light)


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
