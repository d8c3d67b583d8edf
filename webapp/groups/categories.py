"""The site's topics."""

import sqlalchemy as sa

from ..core.extensions import db
from ..core.text import slugify
from .models import Category

#: What a new site begins with.
DEFAULTS = (
    "Arts and crafts",
    "Books and writing",
    "Children and families",
    "Dance and theatre",
    "Food and gardens",
    "Games",
    "Health and care",
    "Languages",
    "Music",
    "Nature",
    "Neighbourhood",
    "Repair and making",
    "Science and learning",
    "Sport and outdoors",
    "Technology",
)


def ensure_defaults() -> None:
    """A site that has no topic yet has those of `DEFAULTS`; any other is left as it is."""
    if db.session.scalar(sa.select(sa.func.count()).select_from(Category)):
        return
    db.session.add_all(Category(slug=slugify(name), name=name) for name in DEFAULTS)
    db.session.flush()


def of_ids(ids: list[str]) -> list[Category]:
    """The topics with these ids; ids that are none are passed over."""
    known = {str(category.id): category for category in db.session.scalars(sa.select(Category))}
    return [known[wanted] for wanted in dict.fromkeys(ids) if wanted in known]
