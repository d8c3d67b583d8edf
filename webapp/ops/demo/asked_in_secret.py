"""What the people of the demo vote about in secret: a person, and a belief; one is open, one
decided.
"""

from ...voting.models import IRV, PROPOSAL
from .asked import Question

IN_SECRET = [
    Question(
        group="river",
        author="Aroha Tamatea",
        title="Who speaks for the river at the council?",
        description=(
            "One of us sits at its table for a year. It is about people: nobody sees who chose "
            "whom."
        ),
        options=("Wiremu Paki", "Yuki Hasegawa", "Aroha Tamatea"),
        kind=IRV,
        cast=("2>1", "1", "3>2", "2>3>1", "1>2"),
        opened=2,
        closes=6,
        more={"is_secret": True},
    ),
    Question(
        group="river",
        author="Wiremu Paki",
        title="Do we hold a karakia before each work day?",
        description="What somebody believes is their own: the count is all that anybody learns.",
        kind=PROPOSAL,
        cast=("agree", "agree", "disagree", "agree", "abstain", "agree"),
        opened=19,
        closed=7,
        more={"is_secret": True, "threshold_of": "voices"},
    ),
]
