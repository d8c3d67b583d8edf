"""The hash chain: every link depends on all links before it."""

import pytest

from webapp.voting.secret import chain
from webapp.voting.secret.chain import ChainLink

pytestmark = pytest.mark.any_database

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def some():
    """The links of a vote that was mixed, given another end, mixed and closed."""
    links = [chain.first(A)]
    for kind, n, root in (
        ("mix", 5, B),
        ("extend", 5, chain.extension_root(7)),
        ("mix", 9, C),
        ("close", 9, C),
    ):
        links.append(chain.next_link(links[-1], kind, n, root))
    return links


def again(links):
    """Return the same kinds, numbers and roots, linked again."""
    made = [chain.first(links[0].root)]
    for link in links[1:]:
        made.append(chain.next_link(made[-1], link.kind, link.n, link.root))
    return made


def test_the_published_test_vector_matches():
    opened = chain.first(chain.opening_hash({"poll": "p1", "seats": 1}))
    closed = chain.next_link(
        opened, chain.CLOSE, 1, "6a5cd95c2badb1e313d034c48087d204e553c133e791e3e3817555593a97238d"
    )

    assert (opened.root[:8], opened.root[-8:], opened.prev) == ("389bea95", "13003250", "0" * 64)
    assert (opened.hash[:8], opened.hash[-8:]) == ("43b1b87f", "a17156d4")
    assert (closed.hash[:8], closed.hash[-8:]) == ("5ffeb772", "72ad2cdf")
    assert chain.sound([opened, closed]) is None


def test_a_chain_is_valid_after_every_link():
    links = some()

    assert [chain.sound(links[:length]) for length in range(1, 6)] == [None] * 5
    assert chain.sound([]) == 0


@pytest.mark.parametrize("field", ChainLink._fields)
@pytest.mark.parametrize("seq", range(5))
def test_a_changed_link_is_detected(seq, field):
    links = some()
    other = {"seq": 7, "kind": "mix", "n": 6, "root": "d" * 64, "prev": "d" * 64, "hash": "d" * 64}[
        field
    ]
    if field == "kind" and links[seq].kind == "mix":
        other = "extend"
    links[seq] = links[seq]._replace(**{field: other})

    assert chain.sound(links) == seq


@pytest.mark.parametrize("seq", range(4))
def test_a_missing_link_is_detected_at_the_next(seq):
    links = some()

    assert chain.sound(links[:seq] + links[seq + 1 :]) == seq


def test_swapped_links_are_detected():
    links = some()

    assert chain.sound([links[0], links[2], links[1], *links[3:]]) == 1


def test_a_rebuilt_chain_has_another_head():
    links = some()
    links[1] = links[1]._replace(root="d" * 64)
    anew = again(links)

    assert chain.sound(anew) is None
    assert anew[-1].hash != links[-1].hash


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({0: {"kind": "mix"}}, 0),
        ({2: {"kind": "open"}}, 2),
        ({3: {"kind": "close"}}, 4),
        ({3: {"n": 4}}, 3),
        ({2: {"n": 6}}, 2),
        ({4: {"kind": "other"}}, 4),
    ],
    ids=[
        "begins otherwise",
        "opens twice",
        "goes on after its close",
        "loses ballots",
        "extends and gains",
        "unheard of",
    ],
)
def test_an_impossible_sequence_of_links_is_detected(changes, wrong):
    links = some()
    for seq, change in changes.items():
        links[seq] = links[seq]._replace(**change)
    made = [chain._linked(0, links[0].kind, links[0].n, links[0].root, chain.NOTHING)]
    for link in links[1:]:
        made.append(chain.next_link(made[-1], link.kind, link.n, link.root))

    assert chain.sound(made) == wrong
