"""What the people of the demo vote about: every kind, open and decided."""

from dataclasses import dataclass, field
from typing import Any

from ...voting.models import APPROVAL, DATE, DOTS, IRV, PROPOSAL, SCHULZE, SCORE, SINGLE, STAR, STV


@dataclass(frozen=True)
class DemoVote:
    """A vote: its options, and the ballots in it as choice strings, "" for a blank one; `why`
    beside some, by their place.

    Times are in days: `opened` and `closed` ago, `closes`, `opens` and `evenings` (of a date poll)
    from now.
    """

    group: str
    author: str
    title: str
    options: tuple[str, ...] = ()
    kind: str = SINGLE
    cast: tuple[str, ...] = ()
    description: str = ""
    opened: int = 0
    closes: int = 0
    closed: int | None = None
    opens: int | None = None
    evenings: tuple[int, ...] = ()
    why: dict[int, str] = field(default_factory=dict)
    invited: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_secret(self) -> bool:
        """Whether its ballots go into a box."""
        return bool(self.more.get("is_secret"))


SIMPLE = [
    DemoVote(
        group="garden",
        author="Marek Dvořák",
        title="What do we grow on the east plot?",
        description="It gets the sun until three, and nobody has dug it for two years.",
        options=(
            "Potatoes, for the pantry",
            "A cut-flower bed",
            "Soft fruit",
            "Leave it wild for another year",
        ),
        cast=("1", "3", "3", "1", "4", "3", "2", ""),
        opened=4,
        closes=3,
    ),
    DemoVote(
        group="garden",
        author="Isla Drummond",
        title="Which evenings suit you for an extra hour of weeding?",
        description="Choose as many as you like.",
        options=("Monday", "Tuesday", "Wednesday", "Thursday"),
        kind=APPROVAL,
        cast=("2+3", "3", "1+3", "2", "3+4", "2+3", "4", "2+3", "1", "3"),
        opened=24,
        closed=15,
        more={"results": "always"},
    ),
    DemoVote(
        group="river",
        author="Aroha Tamatea",
        title="Where do we plant next?",
        description="The council gives us five hundred plants. Choose up to two places.",
        options=(
            "Below the rail bridge",
            "The Kaiwhaiki bend",
            "Around the new jetty",
            "Matarawa stream",
        ),
        kind=APPROVAL,
        cast=("2", "2+4", "1+2", "4", "1+4"),
        opened=2,
        closes=5,
        more={"choices_max": 2},
    ),
    DemoVote(
        group="river",
        author="Wiremu Paki",
        title="When do we go down the river next year?",
        options=("Late February", "After Easter", "Labour weekend"),
        opens=2,
        closes=12,
        more={"results": "after_close"},
    ),
    DemoVote(
        group="cooperative",
        author="Luciana Ferreira",
        title="Do we mend the roof now, or after the winter?",
        description=(
            "Now costs more and keeps the fifth floor dry. The assembly talks about it; this "
            "decides it."
        ),
        options=("Now", "After the winter"),
        cast=("1", "1", "2", "1"),
        opened=1,
        closes=9,
        more={"results": "after_close"},
    ),
    DemoVote(
        group="cooperative",
        author="João Batista Moreira",
        title="What colour for the stairwell of block B?",
        description="Both tins are paid for, whichever we choose.",
        options=("Ochre", "Sea green", "Lime white"),
        cast=("1", "2", "2", "1", "3", "1", "2", "1", "2"),
        opened=17,
        closed=6,
        more={"results": "always"},
    ),
]
OF_POINTS = [
    DemoVote(
        group="garden",
        author="Isla Drummond",
        title="How good were last year’s potatoes?",
        description="We order seed for two of them.",
        options=("Charlotte", "Pink Fir Apple", "Arran Victory", "Sharpe’s Express"),
        kind=SCORE,
        cast=("1:5 2:3 4:2", "1:4 2:5 3:1", "2:4 3:3", "1:5 3:2 4:4", "1:3 2:5", "", "1:4 2:2 3:5"),
        opened=33,
        closed=21,
        more={"score_max": 5},
    ),
    DemoVote(
        group="river",
        author="Yuki Hasegawa",
        title="What shall the new sign at the landing show?",
        options=(
            "The river from its source to the sea",
            "The eels and where they go",
            "Who looks after it, with faces",
        ),
        kind=STAR,
        cast=("1:5 2:4", "2:5 3:1", "1:3 2:5", "1:4 2:4 3:2", "3:5"),
        opened=3,
        closes=4,
        more={"results": "always"},
    ),
    DemoVote(
        group="river",
        author="Wiremu Paki",
        title="What do we put our Saturdays into this summer?",
        description="Ten dots each, at most five on one thing.",
        options=("Planting", "Testing the water", "Willow control", "The track", "School visits"),
        kind=DOTS,
        cast=("1:5 3:5", "1:4 2:3 5:3", "2:5 4:5", "1:3 3:3 4:4", "5:5 1:5"),
        opened=5,
        closes=6,
        more={"budget": 10, "per_option": 5, "results": "always"},
    ),
]
RANKED = [
    DemoVote(
        group="garden",
        author="Hana Ngata",
        title="Who speaks for us at the allotment federation?",
        options=("Inês Carvalho", "Marek Dvořák", "Isla Drummond"),
        kind=IRV,
        cast=("1>2", "1>3", "2>3>1", "2>1", "3>2", "3>2>1", "3>1", "2", "1>2>3"),
        opened=40,
        closed=30,
    ),
    DemoVote(
        group="river",
        author="Aroha Tamatea",
        title="What do we buy with the council’s grant?",
        description="It is enough for one of them, and has to be spent by June.",
        options=(
            "A second boat",
            "A cold room for seedlings",
            "Loggers for the water",
            "A trailer",
        ),
        kind=SCHULZE,
        cast=("3>1=2", "2>3>4>1", "3>2", "1>3>2>4", "2>3"),
        opened=2,
        closes=8,
        more={"results": "always", "quorum": 30},
    ),
    DemoVote(
        group="cooperative",
        author="Luciana Ferreira",
        title="Who sits on the board for the next two years?",
        options=(
            "Luciana Ferreira",
            "João Batista Moreira",
            "Achieng Otieno",
            "Thaís Oliveira",
            "Seu Nelson, if he must",
        ),
        kind=STV,
        cast=("1>2>3", "5", "4>5>2>3", "2", "5>3>4>1", "3", "1>4", "2>5", "3>1"),
        opened=26,
        closed=12,
        more={"seats": 3, "results": "after_close"},
    ),
]
OTHERS = [
    DemoVote(
        group="garden",
        author="Marek Dvořák",
        title="We lock the gate at ten in the evening",
        description="The neighbours asked us to. Keyholders can still come in.",
        kind=PROPOSAL,
        cast=("agree", "agree", "disagree", "abstain", "agree", "block", "agree"),
        opened=3,
        closes=5,
        more={
            "threshold_of": "voices",
            "threshold_part": 2,
            "threshold_whole": 3,
            "threshold_strict": False,
            "blocks": 2,
        },
    ),
    DemoVote(
        group="cooperative",
        author="João Batista Moreira",
        title="The laundry closes at midnight",
        kind=PROPOSAL,
        cast=("agree", "agree", "agree", "disagree", "agree", "abstain", "agree"),
        opened=20,
        closed=9,
        why={
            0: "I live above it, and get up at five.",
            3: "Whoever works late shift has no other time. Could one machine stay on?",
            4: "Midnight is late enough for a dryer.",
        },
        more={"results": "always", "is_anonymous": False, "reasons": "optional"},
    ),
    DemoVote(
        group="river",
        author="Aroha Tamatea",
        title="When do we meet to plan the summer?",
        description="At the rowing club, and by video for who is away.",
        kind=DATE,
        cast=("1:y 2:m 3:n", "1:n 2:y 3:m 4:y", "2:y 3:y", "1:m 2:m 4:n"),
        opened=1,
        closes=4,
        evenings=(12, 14, 19, 21),
        more={"results": "always"},
    ),
]
LATELY = [
    DemoVote(
        group="river",
        author="Aroha Tamatea",
        title="When do we sow the harakeke seed?",
        description="Two hours at the nursery, trays are there. Whoever says yes is counted on.",
        kind=DATE,
        cast=("1:y 2:m", "1:n 2:y", "1:y 2:y", "2:y"),
        opened=8,
        closed=1,
        evenings=(9, 11),
        why={
            1: "The first one is my mother’s birthday.",
            2: "I can bring four trays more on either day.",
        },
        more={"results": "always", "is_anonymous": False, "reasons": "optional"},
    ),
    DemoVote(
        group="river",
        author="Aroha Tamatea",
        title="Which lock for the boat shed?",
        description="For those who hold keys: they would carry it.",
        options=("A key for each", "A number lock"),
        opens=1,
        closes=6,
        invited=("Wiremu Paki", "Yuki Hasegawa", "Achieng Otieno"),
        more={"electorate": "invited"},
    ),
]
QUESTIONS = [*SIMPLE, *OF_POINTS, *RANKED, *OTHERS, *LATELY]


IN_SECRET = [
    DemoVote(
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
    DemoVote(
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
