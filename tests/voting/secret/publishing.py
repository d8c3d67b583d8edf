"""Votes whose files members already have: the release that wrote them counted them, and every later
one must get the same result.

`python -m tests.voting.secret.publishing` writes those that aren't in `published/` yet. Existing
ones are never written again.
"""

from collections.abc import Sequence
from pathlib import Path

from tests.voting.kinds import DAY, SEED
from tests.voting.tally.profiles import pointed, ranked
from webapp.voting.secret import ballots_csv, manifest
from webapp.voting.tally import Rules, Threshold, count_as_before
from webapp.voting.tally.rules import KINDS

from .making import Made, closed, ran

PLACE = Path(__file__).parent / "published"
STARTS = (3 * DAY, 2 * DAY, 4 * DAY)
#: kinds of the first format, when a lot's seed was published at opening
FIRST = (
    *("single", "approval", "score", "star", "dots"),
    *("irv", "schulze", "stv", "proposal", "date"),
)
#: besides a plain vote of each kind, rare cases: all kinds of ties, the lot, exact fractions, and
#: every verdict
RARE: dict[str, tuple[Rules, Sequence[tuple[str, int]]]] = {
    "single-lot": (Rules("single", 4, SEED), [("1", 2), ("3", 2), ("", 1)]),
    "approval-nobody": (Rules("approval", 3, SEED, most=2), [("", 5)]),
    "score-sum-tie": (Rules("score", 3, SEED), pointed((3, (5, 0, 1)), (3, (0, 5, 1)))),
    "star-places-by-fives-and-lot": (
        Rules("star", 4, SEED),
        pointed((1, (4, 5, 3, 2)), (2, (4, 0, 3, 5)), (3, (2, 0, 3, 2))),
    ),
    "star-runoff-tie": (
        Rules("star", 3, SEED),
        pointed((2, (4, 5, 0)), (2, (3, 4, 3)), (4, (1, 1, 3))),
    ),
    "irv-lot": (
        Rules("irv", 5, SEED, threshold=Threshold("valid")),
        ranked("5 ACBED, 5 ADECB, 8 BEDAC, 3 CABED, 7 CAEBD, 2 CBADE, 7 DCEBA, 8 EBADC"),
    ),
    "schulze-lot": (Rules("schulze", 4, SEED), ranked("3 ABCD, 2 DABC, 2 DBCA, 2 CBDA")),
    "schulze-not-margins": (Rules("schulze", 3, SEED), ranked("3 B, 4 ACB, 2 CBA")),
    "stv-compounded": (
        Rules("stv", 5, SEED, seats=3),
        ranked("1 ABC, 2 E, 3 DEBC, 5 B, 7 ECDA, 4 C"),
    ),
    "stv-exact": (
        Rules("stv", 4, SEED, seats=2),
        ranked("3 B, 1 BCA, 1 CDBA, 1 BA, 1 ADB, 1 DBAC, 1 DC, 1 BCAD, 1 ADBC"),
    ),
    "proposal-tie": (
        Rules("proposal", 0, SEED, threshold=Threshold("voices")),
        [("agree", 3), ("disagree", 3)],
    ),
    "proposal-blocked": (
        Rules("proposal", 0, SEED, blocks=1, threshold=Threshold("voices")),
        [("agree", 5), ("block", 1)],
    ),
    "proposal-no-quorum": (
        Rules("proposal", 0, SEED, quorum=90, threshold=Threshold("voices")),
        [("agree", 5)],
    ),
    "proposal-two-thirds": (
        Rules("proposal", 0, SEED, blocks=None, threshold=Threshold("voices", 2, 3, False)),
        [("agree", 4), ("disagree", 2), ("abstain", 2)],
    ),
    "proposal-not-carried": (
        Rules("proposal", 0, SEED, threshold=Threshold("roll")),
        [("agree", 2), ("disagree", 4)],
    ),
    "stv-surplus-tie": (Rules("stv", 5, SEED, seats=3), ranked("5 AC, 5 BD, 1 C, 1 D, 1 E")),
    "stv-earlier": (Rules("stv", 5, SEED, seats=1), ranked("5 AE, 3 BA, 2 CA, 1 DC")),
    "date-yes-decides": (
        Rules("date", 3, SEED, starts=STARTS),
        [("1:y 2:m 3:n", 5), ("1:m 2:y 3:m", 3)],
    ),
    "date-start-decides": (Rules("date", 3, SEED, starts=STARTS), [("1:y 2:y 3:y", 5)]),
    "date-number-decides": (Rules("date", 3, SEED, starts=(DAY, DAY, DAY)), [("1:n 2:y 3:y", 5)]),
}
#: cases since lots are drawn from a secret and all ballots: ties that the lot breaks, and a dead
#: heat
DRAWN: dict[str, tuple[Rules, Sequence[tuple[str, int]]]] = {
    "drawn-single": (Rules("single", 4, ""), [("1", 2), ("3", 2), ("4", 2), ("", 1)]),
    "drawn-stv": (Rules("stv", 5, "", seats=3), ranked("5 AC, 5 BD, 1 C, 1 D, 1 E")),
    "drawn-irv-dead-heat": (
        Rules("irv", 2, "", threshold=Threshold("valid")),
        ranked("3 AB, 3 BA"),
    ),
}
#: cases since people who leave without having voted don't count: with them there would be no
#: quorum, and no majority
LEFT: dict[str, tuple[Rules, Sequence[tuple[str, int]]]] = {
    "left-single-quorum": (
        Rules("single", 3, "", quorum=80, left=1),
        [("1", 2), ("3", 3), ("", 1)],
    ),
    "left-proposal-roll": (
        Rules("proposal", 0, "", left=2, threshold=Threshold("roll")),
        [("agree", 3), ("disagree", 2)],
    ),
}
#: a dead heat as releases with the first format counted it: by all votes, after the lot
HEAT = (Rules("irv", 2, SEED, threshold=Threshold("valid")), ["1>2"] * 3 + ["2>1"] * 3)


def votes() -> dict[str, Made]:
    """Return all votes by name."""
    plain = {kind: closed(kind, published_seed=kind in FIRST) for kind in KINDS}
    rare = {
        name: ran(rules, _each(said), published_seed=True) for name, (rules, said) in RARE.items()
    }
    rare["irv-dead-heat"] = ran(*HEAT, published_seed=True, counting=count_as_before)
    since = {name: ran(rules, _each(said)) for name, (rules, said) in (DRAWN | LEFT).items()}
    return plain | rare | since


def _each(said: Sequence[tuple[str, int]]) -> list[str]:
    return [choice for choice, times in said for _turn in range(times)]


def main() -> None:
    """Write the files of votes that have none."""
    for name, made in votes().items():
        place = PLACE / name
        if not place.exists():
            place.mkdir(parents=True)
            (place / "manifest.json").write_bytes(manifest.written(made.manifest))
            (place / "ballots.csv").write_bytes(ballots_csv.csv_of(made.papers))


if __name__ == "__main__":
    main()
