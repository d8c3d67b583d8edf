"""The checks of a closed secret vote that anyone can make. Each gives a line: it holds, it doesn't,
or it wasn't asked.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..ballots import choices
from ..tally import Outcome, Rules, count, count_as_before, lot
from ..tally.rules import LOSE, PRESENT
from . import ballots_csv, chain, keys, opening_record
from .ballots_csv import Paper
from .canonical_json import canon
from .keys import KeyTypo
from .manifest import Manifest
from .validation import LOT, SEED, WHO_LEAVES

#: An option's number in a choice string.
OPTION = re.compile("(?:^|[+ >=])([1-9][0-9]?)(?![0-9])")
SIGNS = {True: "ok  ", False: "FAIL", None: "-   "}
#: Whether it holds (None: not asked), and a sentence.
Finding = tuple[bool | None, str]


class PublishedFiles(NamedTuple):
    """The parsed files of a vote."""

    manifest: Manifest
    csv: bytes
    papers: list[Paper]

    @property
    def poll(self) -> str:
        """The vote's id, as its hashes contain it."""
        return str(self.manifest.opening["poll"])

    @property
    def rules(self) -> Rules:
        """The rules by which it's counted."""
        said = self.manifest
        return opening_record.rules_of(said.opening, said.present, said.left, self.seed)

    @property
    def seed(self) -> str:
        """The seed of the lot: published at opening, or derived from the secret and all ballots."""
        published = self.manifest.opening.get(SEED)
        if published is not None:
            return str(published)
        return lot.seed_of(self.manifest.lot_secret, self.root)

    @property
    def root(self) -> str:
        """The root of the ballots, and of the number of people who left."""
        return ballots_csv.root_of(self.csv, self.manifest.left)


class CheckRequest(NamedTuple):
    """What a person brings: the head they were sent, hashes they noted while the vote was open, and
    their key as typed.
    """

    head: str | None = None
    seen: tuple[str, ...] = ()
    key: str | None = None


class CheckLine(NamedTuple):
    """The result of one check."""

    name: str
    holds: bool | None
    said: str

    def __str__(self) -> str:
        """The line as it is printed."""
        return f"{SIGNS[self.holds]} {self.name}: {self.said}"


def lines(bundle: PublishedFiles, asked: CheckRequest) -> Iterator[CheckLine]:
    """Yield all checks in turn. A check that raises an exception doesn't hold."""
    for name, check in CHECKS.items():
        try:
            holds, said = check(bundle, asked)
        except Exception as broken:  # the files' author may want this to crash
            holds, said = False, f"cannot be worked out ({type(broken).__name__})"
        yield CheckLine(name, holds, said)


def _opening(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    opened = chain.opening_hash(bundle.manifest.opening)
    if opened != bundle.manifest.chain[0].root:
        return (
            False,
            "question, options, rules, times or roll are not those that the chain begins with",
        )
    title = _shown(bundle.manifest.opening["title"])
    return (
        True,
        f'"{title}": question, options, rules, times and roll are those of the opening hash '
        f"{opened}",
    )


def _chain(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    links = bundle.manifest.chain
    wrong = chain.sound(links)
    if wrong is not None:
        return False, f"link {wrong} does not follow from what comes before it"
    if links[-1].kind != chain.CLOSE:
        return False, "it does not end with the close"
    later = [link.root for link in links if link.kind == chain.EXTEND]
    opening, closes = bundle.manifest.opening, bundle.manifest.closes
    if chain.extension_root(closes) != (
        later[-1] if later else chain.extension_root(opening["closes"])
    ):
        return False, "the vote's end is not the one that was said last"
    return True, f"{len(links)} links, each follows from the one before"


def _head(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    links = bundle.manifest.chain
    head, known = links[-1].hash, {links[0].root, *(link.hash for link in links)}
    strange = [seen for seen in asked.seen if _plain(seen) not in known]
    if strange:
        return False, f"the chain does not know {strange[0][:64]}, which you have seen"
    if asked.head is None:
        return (
            None,
            f"not compared; it is {head}. The mail about the outcome has it as the last "
            "checkpoint; --head compares",
        )
    if _plain(asked.head) != head:
        return False, f"it is {head}, not the one that you gave"
    return True, "it is the one that you gave"


def _root(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    with_left = f", with {bundle.manifest.left} who left" if bundle.manifest.left else ""
    if bundle.root != bundle.manifest.chain[-1].root:
        return False, f"ballots.csv{with_left} is not the file that the last link names"
    return True, f"ballots.csv{with_left} is the file that the last link names"


def _trackers(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    names = [paper.tracker for paper in bundle.papers]
    if len(set(names)) < len(names):
        return False, "two ballots have the same tracker"
    if names != sorted(names):
        return False, "the ballots are not in the order of their trackers"
    return True, "in order, and none twice"


def _choices(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    rules = bundle.rules
    allowed = {
        choice: choices.is_one(rules, choice)
        for choice in {paper.choice for paper in bundle.papers}
    }
    wrong = [number for number, paper in enumerate(bundle.papers, 2) if not allowed[paper.choice]]
    if wrong:
        return False, f"line {wrong[0]} of ballots.csv says what this vote does not allow"
    return True, "every ballot says what this vote allows"


def _numbers(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    manifest, ballots = bundle.manifest, len(bundle.papers)
    if ballots != manifest.voted:
        return False, f"there are {ballots} ballots, and {manifest.voted} voted"
    if manifest.chain[-1].n != ballots:
        return (
            False,
            f"there are {ballots} ballots, and the last link speaks of {manifest.chain[-1].n}",
        )
    if manifest.roll != manifest.opening["roll_n"]:
        return (
            False,
            f"{manifest.roll} may vote now, and {manifest.opening['roll_n']} did at opening",
        )
    if manifest.present and (
        bundle.rules.threshold is None or bundle.rules.threshold.of != PRESENT
    ):
        return (
            False,
            f"{manifest.present} are said to have been present, which this vote does not ask",
        )
    if manifest.left and manifest.opening.get(WHO_LEAVES) != LOSE:
        return False, f"{manifest.left} are said to have left, and in this vote they count"
    entitled = manifest.roll - manifest.left
    gone = f", of whom {manifest.left} left without a ballot" if manifest.left else ""
    if not ballots <= entitled or manifest.present > entitled:
        return (
            False,
            f"there are {ballots} ballots and {manifest.present} present, and {manifest.roll} on "
            f"the roll{gone}",
        )
    return True, f"{ballots} ballots, {manifest.voted} voted, {manifest.roll} on the roll{gone}"


def _lot(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    commitment = bundle.manifest.opening.get(LOT)
    if commitment is None:
        return True, "its seed was published at opening"
    if lot.commitment_of(bundle.manifest.lot_secret) != commitment:
        return False, "the secret is not the one to which the opening was committed"
    return (
        True,
        f"the secret is the one of the opening; with all ballots it makes the seed {bundle.seed}",
    )


def _recount(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    profile = [(paper.choice, 1) for paper in bundle.papers]
    found = count(profile, bundle.rules)
    other = _unlike(found, bundle.manifest.result)
    if other and SEED in bundle.manifest.opening:  # earlier releases' results stay valid
        before = count_as_before(profile, bundle.rules)
        if not _unlike(before, bundle.manifest.result):
            found, other = before, []
    if other:
        return (
            False,
            f"counted again ({found.kind}), the ballots come to something else: "
            f"{', '.join(map(_shown, other))}",
        )
    titles = bundle.manifest.opening["options"]
    won = ", ".join(f"{number} ({_shown(titles[number - 1])})" for number in found.winners)
    said = "; ".join(
        part for part in (f"chosen: {won}" if won else "", found.verdict or "") if part
    )
    return True, f"counted again ({found.kind}), the same comes out. {said}"


def _unlike(found: Outcome, published: dict[str, Any]) -> list[str]:
    """Return the fields of the published result that differ from what was counted."""
    here = found.as_json()
    return [
        name
        for name in sorted({*here, *published})
        if canon([here.get(name)]) != canon([published.get(name)])
    ]


def _key(bundle: PublishedFiles, asked: CheckRequest) -> Finding:
    if asked.key is None:
        return None, "not asked; --key looks for a ballot of your own"
    try:
        key = keys.read(asked.key)
    except KeyTypo:
        return False, "no key is written like this: look for a wrong character"
    tracker, own = (
        keys.tracker_of(bundle.poll, key),
        ballots_csv.own(bundle.poll, key, bundle.papers),
    )
    if own.choice is None:
        return False, f"no ballot has the tracker of your key, {tracker}"
    said = _with_titles(bundle, own.choice) or "nothing: it is blank"
    if not own.is_sound:
        return (
            False,
            f"your ballot says {said}, and that is not what you chose: its commitment was not "
            "made with your key",
        )
    return True, f"your ballot says {said}, and its commitment was made with your key"


def _with_titles(bundle: PublishedFiles, choice: str) -> str:
    """Return `3>1 (3 Bread, 1 Apples)`."""
    titles = bundle.manifest.opening["options"]
    numbers = [int(number) for number in OPTION.findall(choice)]
    named = [
        f"{number} {_shown(titles[number - 1])}" for number in numbers if number <= len(titles)
    ]
    return f"{_shown(choice)} ({', '.join(named)})" if named else _shown(choice)


def _plain(typed: str) -> str:
    return "".join(typed.split()).lower()


def _shown(text: str) -> str:
    """Replace control characters, which could affect a terminal, and cut to the length of a
    line.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text[:60])


#: The name of a line -> its check.
CHECKS: dict[str, Callable[[PublishedFiles, CheckRequest], Finding]] = {
    "opening": _opening,
    "chain": _chain,
    "head": _head,
    "root": _root,
    "trackers": _trackers,
    "choices": _choices,
    "numbers": _numbers,
    "lot": _lot,
    "recount": _recount,
    "key": _key,
}
