"""The pages that the people who run the demo have made their own; the imprint is still the
draft.
"""

from ...privacy import pages
from ...privacy import reads as page_reads
from ...privacy.models import PRIVACY, TERMS
from . import people
from .people import Cast

RULES = """## What this is

A place for our gardeners, river people and co-operative to meet and decide. It is run by a few of us and costs nothing.

## How we treat each other

- **Be yourself**, under a name by which people know you.
- **Be civil.** Argue about the matter.
- **Come if you say that you come.** If you cannot, give your seat back early: somebody waits for it.
- **Leave others their privacy.** What you learn in a group stays there.

## When something goes wrong

Those who lead a group may remove what breaks these rules. You can object: write to Ingrid.
"""
PAPER = """## Who is responsible

Ingrid Solheim, for the people of this demo. Nobody here is real, and neither is this page.

## What we keep

Your account, what you do here, and in which browsers you are signed in. We sell nothing and count nobody.

## What you can do

Under *Your account* you take your data along, correct it, or leave.
"""


def create(cast: Cast) -> None:
    """House rules in their third version, a privacy page in its second."""
    admin = cast[people.ADMIN]
    for page, body in [(TERMS, RULES.partition("## When")[0]), (TERMS, RULES), (PRIVACY, PAPER)]:
        pages.publish(page, body, admin, page_reads.newest(page))
