"""Generated pictures: two of three people have one, and so has every group."""

import random
from io import BytesIO

import sqlalchemy as sa
from PIL import Image, ImageDraw

from ...accounts.models import User
from ...core.extensions import db
from ...groups import groups, reads
from ...groups.models import OWNER, Category
from ...people import profiles
from . import people
from .groups import Groups
from .people import Cast

SIDE = 256
HILLS = [
    ("#b9c9a0", "#86a670", "#4f7a4d"),
    ("#cdbb98", "#a58c63", "#6d6a3f"),
    ("#a9c2c4", "#6f9a98", "#3f6b6b"),
]
GROUNDS = ["#dfe7d3", "#e9dfc9", "#d3e2e7", "#e7d8dc", "#dcd8ea", "#e8e3d1"]
SKINS = ["#f1d3b8", "#e3b891", "#c98f63", "#a56b43", "#7d4d30", "#5b3622"]
HAIRS = ["#2b211c", "#4f3420", "#8a5a2b", "#b9b4ad", "#1c1f2a", "#7b2f22"]
COATS = ["#3f6b4c", "#8a5a3c", "#3d5f7d", "#7a4669", "#5d5f2f", "#4a4f63"]


def create(cast: Cast, made: Groups, chance: random.Random) -> None:
    """Add pictures and profiles to people, and a landscape to each group."""
    for number, person in enumerate(cast.values()):
        if number % 3 != 2:
            profiles.picture(person, _encoded(_portrait(chance)))
    for name, profile in people.TEXTS["profiles"].items():
        _introduce(cast[name], **profile)
    for group in made.values():
        groups.put_picture(group, reads.members(group, OWNER)[0], landscape(chance))


def _introduce(
    person: User, profile_visibility: str, bio: str, interests: list[str], links: list[str]
) -> None:
    topics = sa.select(Category).where(Category.name.in_(interests))
    profiles.edit(
        person,
        (person.first_name, person.last_name),
        person.handle,
        profile_visibility,
        list(db.session.scalars(topics)),
        bio=bio,
        links=links,
        shows_groups=True,
        shows_presence=True,
    )


def face(chance: random.Random) -> bytes:
    """Return a portrait as a file."""
    return _encoded(_portrait(chance))


def _portrait(chance: random.Random) -> Image.Image:
    """Draw shoulders, a neck, a face and hair of nobody in particular."""
    skin, hair, coat = chance.choice(SKINS), chance.choice(HAIRS), chance.choice(COATS)
    image = Image.new("RGB", (SIDE, SIDE), chance.choice(GROUNDS))
    draw, wide, fall = ImageDraw.Draw(image), chance.randrange(46, 56), chance.randrange(0, 14)
    if chance.random() < 0.45:
        draw.ellipse((128 - wide - 16, 44, 128 + wide + 16, 214), fill=hair)
    draw.ellipse((28, 190, 228, 390), fill=coat)
    draw.rounded_rectangle((106, 150, 150, 214), 20, fill=skin)
    draw.ellipse((128 - wide, 56, 128 + wide, 182), fill=skin)
    draw.pieslice((128 - wide - 6, 42, 128 + wide + 6, 150), 180 - fall, 360 + fall, fill=hair)
    for x in (108, 148):
        draw.ellipse((x - 4, 116, x + 4, 124), fill="#2b211c")
    draw.arc((110, 128, 146, 158), 20, 160, fill="#2b211c", width=4)
    return image


def landscape(chance: random.Random) -> bytes:
    """Return a landscape as a file: sky, sun and hills."""
    image = Image.new("RGB", (1600, 640), chance.choice(["#e8ecd9", "#f1e3cf", "#dfe9ee"]))
    draw, x = ImageDraw.Draw(image), chance.randrange(200, 1400)
    draw.ellipse((x - 70, 90, x + 70, 230), fill="#e9b44c")
    for place, colour in enumerate(chance.choice(HILLS)):
        for _ in range(3):
            middle, wide, top = (
                chance.randrange(0, 1600),
                chance.randrange(500, 900),
                260 + place * 120 + chance.randrange(0, 60),
            )
            draw.ellipse((middle - wide, top, middle + wide, top + 900), fill=colour)
    return _encoded(image)


def _encoded(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "PNG", compress_level=1)
    return target.getvalue()
