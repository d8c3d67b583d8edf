"""What is on: the events of the demo, as their hosts would write them."""

from dataclasses import dataclass, field
from typing import Any

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


@dataclass(frozen=True)
class Occasion:
    """An event: who hosts it, when, and how many come.

    `day` is (weekday, weeks from now), for one that took place the days since; `begins` is (hour,
    minute), `lasts` in hours. `parties` are the sizes of those who answer, in order; `maybe` more
    may come, `regrets` more do not.
    """

    key: str
    host: str
    group: str
    title: str
    summary: str
    description: str
    begins: tuple[int, int]
    lasts: float
    day: tuple[int, int] = (SATURDAY, 0)
    ago: int = 0
    parties: tuple[int, ...] = ()
    maybe: int = 0
    regrets: int = 0
    zone: str = ""
    #: those who answer before all others
    first: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    state: str = "published"
    reason: str = ""


GARDEN = [
    Occasion(
        key="seeds",
        host="Marek Dvořák",
        group="garden",
        title="Seed swap and long-table lunch",
        summary="Bring seeds, take seeds, stay for soup.",
        description=(
            "Bring what you have saved, labelled with the year. No seeds? Bring bread.\n\n"
            "- **11:00** tables open\n- **13:00** lunch at the long table\n- **15:00** we tidy "
            "up together\n\n"
            "The hall has a ramp and a wide door. Children are welcome."
        ),
        day=(SATURDAY, 1),
        begins=(11, 0),
        lasts=5,
        parties=(2, 1, 3, 1, 2, 1, 1),
        maybe=2,
        more={
            "place": "Whetstone Hall, Leith",
            "capacity": 11,
            "companions": 2,
            "promotion": "offer",
        },
    ),
    Occasion(
        key="compost",
        host="Isla Drummond",
        group="garden",
        title="Composting in a small kitchen",
        summary="An hour online: what goes in, what does not, and why it smells.",
        description=(
            "We look into three real bins, and then at yours if you hold it up to the camera. "
            "Questions are welcome before, during and after."
        ),
        day=(WEDNESDAY, 0),
        begins=(19, 30),
        lasts=1,
        parties=(1, 1, 1, 1, 1),
        maybe=3,
        first=("Yuki Hasegawa", "Ingrid Solheim"),
        more={"online_url": "https://meet.example.org/compost"},
    ),
    Occasion(
        key="bats",
        host="Marek Dvořák",
        group="garden",
        title="Night walk with the bat detector",
        summary="Slow, quiet, two miles along the Water of Leith.",
        description="Still to settle: whether the library lends us the second detector.",
        day=(FRIDAY, 2),
        begins=(20, 30),
        lasts=2,
        more={"place": "Great Junction Street bridge", "capacity": 15},
        state="draft",
    ),
    Occasion(
        key="work-day",
        host="Isla Drummond",
        group="garden",
        title="Work day: paths and water butts",
        summary="Two barrows of gravel each, then cake.",
        description=(
            "The path to the shed floods. We dig it out, lay gravel, and set up the two new water "
            "butts."
        ),
        ago=11,
        begins=(10, 0),
        lasts=4,
        parties=(1, 1, 2, 1, 1, 1, 1, 1),
        regrets=2,
        more={"place": "Leith Commons Garden", "companions": 1},
    ),
]

RIVER = [
    Occasion(
        key="paddle",
        host="Aroha Tamatea",
        group="river",
        title="Three days on the river, from Pipiriki down",
        summary="Paddling by day, sleeping at two marae, listening in the evening.",
        description=(
            "Four waka, eight seats. You need to be able to swim; you do not need to have "
            "paddled before.\n\n"
            "We are guests at both marae, so we arrive together. Food is shared; tell us what "
            "you do not eat."
        ),
        day=(FRIDAY, 4),
        begins=(8, 0),
        lasts=56,
        parties=(1, 2, 1, 1, 2, 1, 2, 1),
        regrets=1,
        more={"place": "Pipiriki landing", "capacity": 8, "companions": 1, "approval": True},
    ),
    Occasion(
        key="clean-up",
        host="Wiremu Paki",
        group="river",
        title="Clean-up at the Ūpokongaro bend",
        summary=(
            "Gloves and sacks are there; come for an hour or for both days. The café does toasties."
        ),
        description=(
            "The last flood left a good deal in the willows. Wear something that may get wet up "
            "to the knee."
        ),
        day=(SATURDAY, 1),
        begins=(0, 0),
        lasts=48,
        parties=(1, 2, 1, 1, 3),
        maybe=2,
        first=("Yuki Hasegawa", "Aroha Tamatea", "Isla Drummond"),
        more={"place": "Ūpokongaro wharf", "capacity": 30, "companions": 3, "is_all_day": True},
    ),
    Occasion(
        key="testing",
        host="Wiremu Paki",
        group="river",
        title="Water testing: learn to read the kit",
        summary="An evening in the shed with six bottles and a colour chart.",
        description="Afterwards you can take the monthly sample by yourself.",
        day=(THURSDAY, 0),
        begins=(18, 0),
        lasts=2,
        parties=(1, 1, 1, 1),
        more={"place": "The shed, Taupō Quay", "capacity": 6},
        state="cancelled",
        reason=(
            "The river is up and the quay is closed. We look for another evening once it has gone "
            "down."
        ),
    ),
    Occasion(
        key="flax",
        host="Aroha Tamatea",
        group="river",
        title="Planting harakeke on the south bank",
        summary="Two hundred plants, twenty spades.",
        description="Harakeke holds the bank where the willows were. "
        "We plant until the trays are empty.",
        ago=19,
        begins=(9, 30),
        lasts=4,
        parties=(2, 1, 1, 1, 2, 1, 1),
        maybe=1,
        more={"place": "South bank, below the rail bridge", "companions": 2},
    ),
]

COOPERATIVE = [
    Occasion(
        key="assembly",
        host="Luciana Ferreira",
        group="cooperative",
        title="Assembleia: the roof, and the year ahead",
        summary="The three offers for the roof lie on the table.",
        description=(
            "Read the offers in the hall before you come, so that we can talk about what they "
            "mean rather than what they say."
        ),
        day=(THURSDAY, 1),
        begins=(19, 0),
        lasts=2.5,
        parties=(1, 1, 1, 1, 1, 1),
        maybe=1,
        more={"place": "Salão, ground floor"},
    ),
    Occasion(
        key="stairwell",
        host="João Batista Moreira",
        group="cooperative",
        title="Mutirão: painting the stairwell of block B",
        summary="From the fifth floor down. Old clothes, please.",
        description="Rollers, ladders and coffee are there. "
        "Whoever cannot climb can mix, mask and cook.",
        day=(SUNDAY, 0),
        begins=(9, 0),
        lasts=7,
        parties=(1, 1, 2, 1),
        more={"place": "Block B", "capacity": 10, "companions": 1},
    ),
    Occasion(
        key="feijoada",
        host="João Batista Moreira",
        group="cooperative",
        title="Feijoada for the new neighbours",
        summary="Four flats have new people in them. We cook, they tell.",
        description="One pot with meat and one without.",
        ago=16,
        begins=(12, 30),
        lasts=4,
        parties=(2, 1, 2, 1, 1, 1, 2),
        more={"place": "The yard", "companions": 3},
    ),
]

ELSEWHERE = [
    Occasion(
        key="ride",
        host="Achieng Otieno",
        group="",
        title="Sunrise ride to Dunga beach",
        summary="Fourteen kilometres, no hills, fish for breakfast.",
        description="We leave on time, because the sun does. Lights and a spare tube, please.",
        day=(SUNDAY, 0),
        begins=(5, 45),
        lasts=3,
        parties=(1, 1),
        zone="Africa/Nairobi",
        more={"place": "Impala gate, Kisumu"},
    ),
    Occasion(
        key="reading",
        host="Kenji Watanabe",
        group="",
        title="Letters from the sea: a reading circle",
        summary="Six short pieces about water, one evening, online.",
        description=(
            "Each of us reads one page aloud, in whichever language it was written, and says what "
            "it is about."
        ),
        day=(TUESDAY, 1),
        begins=(20, 0),
        lasts=1.5,
        parties=(1, 1, 1, 1),
        maybe=1,
        zone="Asia/Tokyo",
        more={"online_url": "https://meet.example.org/letters", "capacity": 12},
    ),
]

PROGRAMME = [*GARDEN, *RIVER, *COOPERATIVE, *ELSEWHERE]
