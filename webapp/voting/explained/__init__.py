"""How each kind of vote works, for the pages of help: when to take it, how a ballot is filled
in, how it is counted.
"""

from ..models import KINDS
from . import others, ranked, sums
from .kind import Explained

#: kind -> what there is to say of it, in the order in which forms offer them
EXPLAINED: dict[str, Explained] = {
    kind: {**sums.EXPLAINED, **ranked.EXPLAINED, **others.EXPLAINED}[kind] for kind in KINDS
}


def slug_of(kind: str) -> str:
    """The address of a kind's page below `/help/`."""
    return f"votes-{kind}"
