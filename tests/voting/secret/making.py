"""Closed secret votes of every kind, made of nothing but their hashes; and the folder where one
was unpacked, to tamper with.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tests.voting.kinds import DAY, FOUR, SAMPLES
from webapp.voting.secret import ballots_csv, bundle, chain, keys, opening_record
from webapp.voting.secret.ballots_csv import Paper
from webapp.voting.secret.bundle import Manifest
from webapp.voting.tally import Rules, count, lot
from webapp.voting.tally.rules import KINDS, WORD

POLL = "018f2f6e-0000-7000-8000-00000000002a"
#: what every lot here is drawn from, unless its seed was published at opening
SECRET = f"{0x2B:064x}"
TITLE = "Who minds the garden?"


class Made(NamedTuple):
    """A closed vote, with the keys to its ballots."""

    manifest: Manifest
    papers: list[Paper]
    keys: list[str]

    @property
    def head(self) -> str:
        """The head of its chain, as everyone was emailed it."""
        return self.manifest.chain[-1].hash

    @property
    def opened(self) -> str:
        """Its opening hash, as everyone was emailed it."""
        return self.manifest.chain[0].root


def key_of(number: int) -> str:
    """A key with its check, the same in every run."""
    drawn = f"{number:026}"
    return drawn + keys._check(drawn)


def paper_of(key: str, choice: str) -> Paper:
    """The ballot of a key."""
    return Paper(keys.tracker_of(POLL, key), choice, keys.commitment_of(POLL, key, choice))


def closed(kind: str = "score", published_seed: bool = False) -> Made:
    """A vote of this kind, as its sample has it, that has closed."""
    return ran(SAMPLES[kind].rules, [*SAMPLES[kind].choices, ""], published_seed)


def ran(
    rules: Rules, chosen: Sequence[str], published_seed: bool = False, counting: Any = count
) -> Made:
    """A vote by these rules that ran with two mixes and was given another end, and has closed; two
    of its roll did not vote.

    `published_seed`: its lot is drawn from the seed of its rules, which is in its opening, as
    in the first format."""
    roll, last = len(chosen) + 2, max(5, len(chosen) - 1)
    rules = rules._replace(roll=roll)
    owned = [key_of(number) for number in range(1, len(chosen) + 1)]
    cast = [paper_of(key, choice) for key, choice in zip(owned, chosen, strict=True)]
    opening = opening_record.opening(
        poll=POLL,
        title=TITLE,
        text="We plant trees." if KINDS[rules.kind].ballot == WORD else "",
        options=[*FOUR, "Eda"][: rules.options],
        rules=rules,
        commitment=lot.commitment_of(SECRET),
        opens=0,
        closes=DAY,
        roll=[f"person-{number}" for number in range(roll)],
    )
    root = ballots_csv.root_of(ballots_csv.csv_of(cast))
    if published_seed:
        opening["seed"] = rules.seed
        del opening["lot"]
    else:
        rules = rules._replace(seed=lot.seed_of(SECRET, root))
    links = [chain.first(chain.opening_hash(opening))]
    for kind, n, bound in (
        (chain.MIX, 5, ballots_csv.root_of(ballots_csv.csv_of(cast[:5]))),
        (chain.EXTEND, 5, chain.extension_root(2 * DAY)),
        (chain.MIX, last, ballots_csv.root_of(ballots_csv.csv_of(cast[:last]))),
        (chain.CLOSE, len(cast), root),
    ):
        links.append(chain.next_link(links[-1], kind, n, bound))
    found = counting([(paper.choice, 1) for paper in cast], rules)
    ended = datetime.fromtimestamp(2 * DAY, UTC)
    secret = None if published_seed else SECRET
    whole = bundle.closed(opening, ended, links, len(cast), found.as_json(), secret)
    return Made(whole, cast, owned)


class Folder:
    """Where the zip of a vote was unpacked; `said` is its manifest, `ballots` are the lines of
    ballots.csv as lists.
    """

    def __init__(self, path: Path, zipped: bytes) -> None:
        self.path = path
        with zipfile.ZipFile(io.BytesIO(zipped)) as files:
            files.extractall(path)
        self.said: dict[str, Any] = json.loads((path / "manifest.json").read_bytes())
        self.ballots = [
            line.split(",") for line in (path / "ballots.csv").read_text().splitlines()[1:]
        ]

    def save(self) -> None:
        """The files are as they were tampered with."""
        (self.path / "manifest.json").write_text(json.dumps(self.said), "utf-8")
        (self.path / "ballots.csv").write_bytes(self.csv())

    def csv(self) -> bytes:
        """ballots.csv as it stands."""
        return "".join(
            f"{','.join(line)}\n" for line in [[ballots_csv.HEADING], *self.ballots]
        ).encode()

    def rebuild(self) -> None:
        """Result, root and chain are made again from what is there, as someone would who
        knows all of this.
        """
        opening = self.said["opening"]
        profile = [(choice, 1) for _tracker, choice, _commitment in self.ballots]
        seed = lot.seed_of(self.said["lot_secret"], ballots_csv.root_of(self.csv()))
        self.said["result"] = count(
            profile, opening_record.rules_of(opening, self.said["present"], seed)
        ).as_json()
        old = [chain.ChainLink(**link) for link in self.said["chain"]]
        old[0] = chain.first(chain.opening_hash(opening))
        old[-1] = old[-1]._replace(root=ballots_csv.root_of(self.csv()), n=len(self.ballots))
        links = old[:1]
        for link in old[1:]:
            links.append(chain.next_link(links[-1], link.kind, link.n, link.root))
        self.said["chain"] = [link._asdict() for link in links]


def packed(made: Made) -> bytes:
    """The zip of such a vote."""
    return bundle.packed(made.manifest, made.papers)


def named(printed: Sequence[str]) -> dict[str, str]:
    """The name of each line, in order, and how it begins; the last one sums up."""
    return {line.split(":")[0].split()[-1]: line.split()[0] for line in printed[:-1]}


def failed(printed: Iterable[str]) -> set[str]:
    """The names of the lines that say FAIL."""
    return {
        line.split(":")[0].removeprefix("FAIL ") for line in printed if line.startswith("FAIL ")
    }
