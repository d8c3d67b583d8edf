"""Ways to tamper with a vote's files, and the lines of verify.py that detect them."""

from collections.abc import Callable
from typing import NamedTuple

from webapp.voting.secret import chain
from webapp.voting.tally import lot

from .making import Folder, Made, key_of, paper_of


class Tampering(NamedTuple):
    """A change, the lines that fail because of it, and what the person who verifies provides."""

    done: Callable[[Folder], None]
    caught_by: set[str]
    brings: Callable[[Made], tuple[str, ...]] = lambda made: ()
    #: the number of the key that is typed, from 0
    key: int | None = None


def flip(folder: Folder) -> None:
    """Change the choice on the first voter's ballot."""
    theirs = next(line for line in folder.ballots if line[0] == paper_of(key_of(1), "").tracker)
    theirs[1] = "2:7"


def add(folder: Folder) -> None:
    """Add a ballot."""
    folder.ballots.append(list(paper_of(key_of(99), "2:7")))
    folder.ballots.sort()


def remove(folder: Folder) -> None:
    """Remove a ballot."""
    folder.ballots = [line for line in folder.ballots if line[0] != paper_of(key_of(1), "").tracker]


def reorder(folder: Folder) -> None:
    """Swap two ballots."""
    folder.ballots[0], folder.ballots[1] = folder.ballots[1], folder.ballots[0]


def twice(folder: Folder) -> None:
    """Replace a ballot with a copy of another."""
    folder.ballots[1] = list(folder.ballots[0])


def forbid(folder: Folder) -> None:
    """Give more points on a ballot than allowed."""
    folder.ballots[0][1] = "1:8"


def rewrite(folder: Folder) -> None:
    """Change the commitment of a ballot."""
    folder.ballots[0][2] = "0" * 64


def rebuilt(done: Callable[[Folder], None]) -> Callable[[Folder], None]:
    """Let `done` be followed by computing result, root and chain again."""

    def do(folder: Folder) -> None:
        done(folder)
        folder.rebuild()

    do.__name__ = done.__name__
    return do


def added_and_counted(folder: Folder) -> None:
    """Add a ballot and a voter."""
    add(folder)
    folder.said["voted"] += 1


def asked_otherwise(**changes: object) -> Callable[[Folder], None]:
    """Change these values in the opening."""

    def do(folder: Folder) -> None:
        folder.said["opening"].update(changes)

    return do


def drawn_otherwise(folder: Folder) -> None:
    """Try secrets until one gives a lot that they like, and bind the opening to it."""
    folder.said["lot_secret"] = "0" * 64
    folder.said["opening"]["lot"] = lot.commitment_of("0" * 64)


def titled_otherwise(folder: Folder) -> None:
    """Swap the titles of two options."""
    options = folder.said["opening"]["options"]
    options[0], options[1] = options[1], options[0]


def ruled_otherwise(folder: Folder) -> None:
    """Add a quorum."""
    folder.said["opening"]["rules"]["quorum"] = 100


def changed_otherwise(**changes: object) -> Callable[[Folder], None]:
    """Change these values in the manifest."""

    def do(folder: Folder) -> None:
        folder.said.update(changes)

    return do


def one_left_and_counted(folder: Folder) -> None:
    """Say that someone left, in a vote in which that changes nothing."""
    folder.said["left"] = 1
    folder.said["opening"]["leavers"] = "keep"


def won_otherwise(folder: Folder) -> None:
    """Publish another winner."""
    folder.said["result"].update(winners=[4], leaders=[4])


def linked_otherwise(folder: Folder) -> None:
    """Increase the number of ballots in a link."""
    folder.said["chain"][1]["n"] = 6


def unlinked(folder: Folder) -> None:
    """Remove a link."""
    del folder.said["chain"][1]


def relinked(folder: Folder) -> None:
    """Swap two links."""
    links = folder.said["chain"]
    links[1], links[2] = links[2], links[1]


def unlinked_anew(folder: Folder) -> None:
    """Remove a link, and compute those after it again."""
    unlinked(folder)
    folder.said["chain"][1]["n"] = 0
    folder.rebuild()


def unclosed(folder: Folder) -> None:
    """Make the last link a mix."""
    folder.said["chain"][-1]["kind"] = chain.MIX
    folder.rebuild()


def _head(made: Made) -> tuple[str, ...]:
    return "--head", made.head


def _opened(made: Made) -> tuple[str, ...]:
    return "--seen", made.opened


def _mixed(made: Made) -> tuple[str, ...]:
    return "--seen", made.manifest.chain[1].hash


def _wrong(made: Made) -> tuple[str, ...]:
    return "--head", made.manifest.chain[-2].hash


TAMPERINGS: dict[str, Tampering] = {
    # by someone who changes a file
    "flip a choice": Tampering(flip, {"root", "recount"}),
    "add a ballot": Tampering(add, {"root", "numbers", "recount"}),
    "remove a ballot": Tampering(remove, {"root", "numbers", "recount"}),
    "reorder ballots": Tampering(reorder, {"root", "trackers"}),
    "rewrite a commitment": Tampering(rewrite, {"root"}),
    "a ballot twice": Tampering(twice, {"root", "trackers", "recount"}),
    "a choice that is not allowed": Tampering(forbid, {"root", "choices", "recount"}),
    "another title": Tampering(asked_otherwise(title="Who minds the till?"), {"opening"}),
    "other options": Tampering(titled_otherwise, {"opening"}),
    "other rules": Tampering(ruled_otherwise, {"opening", "recount"}),
    "another lot": Tampering(asked_otherwise(lot="0" * 64), {"opening", "lot"}),
    "another secret": Tampering(changed_otherwise(lot_secret="0" * 64), {"lot", "recount"}),
    "another end": Tampering(asked_otherwise(closes=1), {"opening"}),
    "another roll": Tampering(asked_otherwise(roll_sha256="0" * 64), {"opening"}),
    "a larger roll": Tampering(asked_otherwise(roll_n=10), {"opening", "numbers"}),
    "another vote's name": Tampering(asked_otherwise(poll="p1"), {"opening"}),
    "a link changed": Tampering(linked_otherwise, {"chain"}),
    "a link dropped": Tampering(unlinked, {"chain"}),
    "links reordered": Tampering(relinked, {"chain"}),
    "the later end changed": Tampering(changed_otherwise(closes=3), {"chain"}),
    "more voted": Tampering(changed_otherwise(voted=8), {"numbers"}),
    "fewer voted": Tampering(changed_otherwise(voted=6), {"numbers"}),
    "fewer may vote": Tampering(changed_otherwise(roll=8), {"numbers"}),
    "one left": Tampering(changed_otherwise(left=1), {"root", "recount"}),
    "more left than could": Tampering(changed_otherwise(left=3), {"root", "numbers", "recount"}),
    "leavers count": Tampering(asked_otherwise(leavers="keep"), {"opening"}),
    "some were there": Tampering(changed_otherwise(present=3), {"numbers"}),
    "another result": Tampering(won_otherwise, {"recount"}),
    "another count": Tampering(changed_otherwise(result={}), {"recount"}),
    # by someone who computes everything again that can be computed without the voters' keys
    "flip, all made anew": Tampering(rebuilt(flip), {"head"}, _head),
    "flip, all made anew, seen by the voter": Tampering(rebuilt(flip), {"key"}, key=0),
    "remove, all made anew": Tampering(rebuilt(remove), {"numbers"}),
    "remove, all made anew, seen by the voter": Tampering(
        rebuilt(remove), {"numbers", "key"}, key=0
    ),
    "add, all made anew": Tampering(rebuilt(add), {"numbers"}),
    "add with a voter, all made anew": Tampering(rebuilt(added_and_counted), {"head"}, _head),
    "reorder, all made anew": Tampering(rebuilt(reorder), {"trackers"}),
    "a ballot twice, all made anew": Tampering(rebuilt(twice), {"trackers"}),
    "not allowed, all made anew": Tampering(rebuilt(forbid), {"choices"}),
    "another title, all made anew": Tampering(
        rebuilt(asked_otherwise(title="Who?")), {"head"}, _opened
    ),
    "another secret, all made anew": Tampering(
        rebuilt(changed_otherwise(lot_secret="0" * 64)), {"lot"}
    ),
    "another lot, all made anew": Tampering(rebuilt(drawn_otherwise), {"head"}, _opened),
    "other rules, all made anew": Tampering(rebuilt(ruled_otherwise), {"head"}, _head),
    "a link dropped, all made anew": Tampering(unlinked_anew, {"head"}, _mixed),
    "one left, all made anew": Tampering(rebuilt(changed_otherwise(left=1)), {"head"}, _head),
    "more left, all made anew": Tampering(rebuilt(changed_otherwise(left=3)), {"numbers"}),
    "one left where leavers count, all made anew": Tampering(
        rebuilt(one_left_and_counted), {"numbers"}
    ),
    "never closed": Tampering(unclosed, {"chain"}),
    # nothing is wrong except what the person who verifies provides
    "a wrong head": Tampering(lambda folder: None, {"head"}, _wrong),
    "a key to nothing": Tampering(lambda folder: None, {"key"}, key=99),
}
#: changes that can't be detected without something of one's own, because the files can be computed
#: again
UNSEEN = (
    "flip, all made anew",
    "add with a voter, all made anew",
    "other rules, all made anew",
    "one left, all made anew",
    "a link dropped, all made anew",
)
