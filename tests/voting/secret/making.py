"""Closed secret votes of every kind, built only from their hashes; and their unpacked files, to
tamper with.
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
#: the secret from which every lot is drawn here, unless its seed was published at opening
SECRET = f"{0x2B:064x}"
TITLE = "Who minds the garden?"


class Made(NamedTuple):
    """A closed vote, with the keys of its ballots."""

    manifest: Manifest
    papers: list[Paper]
    keys: list[str]

    @property
    def head(self) -> str:
        """Return the head of its chain, which everyone got by email."""
        return self.manifest.chain[-1].hash

    @property
    def opened(self) -> str:
        """Return its opening hash, which everyone got by email."""
        return self.manifest.chain[0].root


def key_of(number: int) -> str:
    """Return a key with its check digit, the same in every run."""
    drawn = f"{number:026}"
    return drawn + keys._check(drawn)


def paper_of(key: str, choice: str) -> Paper:
    """Return the ballot of a key."""
    return Paper(keys.tracker_of(POLL, key), choice, keys.commitment_of(POLL, key, choice))


def closed(kind: str = "score", published_seed: bool = False) -> Made:
    """Return a closed vote of this kind, with the rules of its sample."""
    return ran(SAMPLES[kind].rules, [*SAMPLES[kind].choices, ""], published_seed)


def ran(
    rules: Rules, chosen: Sequence[str], published_seed: bool = False, counting: Any = count
) -> Made:
    """Return a closed vote by these rules, with two mixes and a changed end, in which two voters
    didn't vote.

    `published_seed`: the lot is drawn from the seed in its rules, which the opening contains, as in
    the first format.
    """
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
        leavers="lose",
    )
    root = ballots_csv.root_of(ballots_csv.csv_of(cast), rules.left)
    if published_seed:
        opening["seed"] = rules.seed
        del opening["lot"], opening["leavers"]
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
    whole = bundle.closed(opening, ended, links, len(cast), found.as_json(), secret, rules.left)
    return Made(whole, cast, owned)


class Folder:
    """The unpacked files of a vote; `said` is its manifest, `ballots` are the lines of ballots.csv
    as lists.
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
        """Write the files with all changes."""
        (self.path / "manifest.json").write_text(json.dumps(self.said), "utf-8")
        (self.path / "ballots.csv").write_bytes(self.csv())

    def csv(self) -> bytes:
        """Return ballots.csv as it is now."""
        return "".join(
            f"{','.join(line)}\n" for line in [[ballots_csv.HEADING], *self.ballots]
        ).encode()

    def rebuild(self) -> None:
        """Compute result, root and chain again from the files, like someone who knows how."""
        opening = self.said["opening"]
        profile = [(choice, 1) for _tracker, choice, _commitment in self.ballots]
        root = ballots_csv.root_of(self.csv(), self.said["left"])
        seed = lot.seed_of(self.said["lot_secret"], root)
        rules = opening_record.rules_of(opening, self.said["present"], self.said["left"], seed)
        self.said["result"] = count(profile, rules).as_json()
        old = [chain.ChainLink(**link) for link in self.said["chain"]]
        old[0] = chain.first(chain.opening_hash(opening))
        old[-1] = old[-1]._replace(root=root, n=len(self.ballots))
        links = old[:1]
        for link in old[1:]:
            links.append(chain.next_link(links[-1], link.kind, link.n, link.root))
        self.said["chain"] = [link._asdict() for link in links]


def packed(made: Made) -> bytes:
    """Return the zip file of such a vote."""
    return bundle.packed(made.manifest, made.papers)


def named(printed: Sequence[str]) -> dict[str, str]:
    """Return the name of each line in order, with its beginning; the last line is the summary."""
    return {line.split(":")[0].split()[-1]: line.split()[0] for line in printed[:-1]}


def failed(printed: Iterable[str]) -> set[str]:
    """Return the names of the lines that say FAIL."""
    return {
        line.split(":")[0].removeprefix("FAIL ") for line in printed if line.startswith("FAIL ")
    }
