"""The record of what a secret vote declares when it opens. Changing any of it later changes its
hash.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..tally.rules import Rules, Threshold

#: Rules that come from elsewhere: separate fields of the opening, or not known yet.
ELSEWHERE = ("kind", "options", "seed", "roll", "present", "left")
SETTLED = tuple(name for name in Rules._fields if name not in ELSEWHERE)


def opening(
    *,
    poll: str,
    title: str,
    text: str,
    options: Sequence[str],
    rules: Rules,
    commitment: str,
    opens: int,
    closes: int,
    roll: Iterable[str],
    leavers: str,
) -> dict[str, Any]:
    """Return the opening record: the question, its options as frozen, how they are counted, the
    times (epoch seconds), and the electoral roll.

    `commitment`: binds the lot's secret. `text`: the wording of a proposal. `roll`: the ids of the
    voters; only their number and a hash are published. `leavers`: one of LEAVERS; whether people
    who leave without having voted still count among those who can vote.
    """
    people = sorted(roll)
    threshold = rules.threshold._asdict() if rules.threshold else None
    return {
        "poll": poll,
        "title": title,
        "text": text,
        "kind": rules.kind,
        "rules": {name: getattr(rules, name) for name in SETTLED}
        | {"starts": list(rules.starts), "threshold": threshold},
        "options": list(options),
        "lot": commitment,
        "opens": opens,
        "closes": closes,
        "roll_n": len(people),
        "roll_sha256": roll_hash(people),
        "leavers": leavers,
    }


def roll_hash(people: Iterable[str]) -> str:
    """Return the hex sha256 of the voters' ids, in ascending order, one per line."""
    return hashlib.sha256("".join(f"{person}\n" for person in sorted(people)).encode()).hexdigest()


def span(starts: datetime, ends: datetime) -> str:
    """Return the option of a date poll as text, from times in UTC:
    `2026-05-01T18:00:00Z/2026-05-01T20:00:00Z`.
    """
    return f"{starts:%Y-%m-%dT%H:%M:%SZ}/{ends:%Y-%m-%dT%H:%M:%SZ}"


def rules_of(said: Mapping[str, Any], present: int, left: int, seed: str) -> Rules:
    """Return the rules that an opening declared. `present`: how many of the electoral roll were
    present; `left`: how many left without having voted; `seed`: the lot's; all as known at closing.
    """
    settled = dict(said["rules"])
    threshold = settled.pop("threshold")
    starts = tuple(settled.pop("starts"))
    return Rules(
        **settled,
        starts=starts,
        threshold=Threshold(**threshold) if threshold else None,
        kind=said["kind"],
        options=len(said["options"]),
        seed=seed,
        roll=said["roll_n"],
        present=present,
        left=left,
    )
