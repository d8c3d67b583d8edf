"""Redis loses its data, stops, is full, or hangs."""

import time

import pytest

from tests import factories

from .asking import load, longest, p95, share, statuses
from .crowd import WHO
from .fault_site import fault_site

pytestmark = pytest.mark.faults

SECONDS, TRIES = 8, 24
HOW = {
    "flushed": "FLUSHALL every half second",
    "stopped": "SIGTERM; started again, empty, after the measurement",
    "full": "maxmemory 1mb, noeviction",
    "swallowed": "a TCP proxy that takes everything and answers nothing",
}
#: The most password guesses that two processes allow, 5 each. A full Redis may have counted 5
#: before it was full.
GUESSES = {"flushed": 10, "stopped": 10, "full": 15, "swallowed": 10}
#: What each control lacks: the protection against this fault.
WITHOUT = {
    "flushed": "sweep",
    "stopped": "fallback,sweep",
    "full": "fallback,sweep",
    "swallowed": "patience,fallback",
}


def break_redis(here, how):
    """Start the fault."""
    if how == "flushed":
        here.redis_cli("FLUSHALL")
    elif how == "stopped":
        here.stop_redis()
    elif how == "full":
        here.redis_cli("CONFIG", "SET", "maxmemory", "1mb")
    else:
        here.proxy.swallow()


def mend_redis(here, how):
    """End the fault."""
    if how == "stopped":
        here.start_redis()
    elif how == "full":
        here.redis_cli("CONFIG", "SET", "maxmemory", "0")
    elif how == "swallowed":
        here.proxy.heal()


def let_through(here, patience):
    """Return how many of these password guesses weren't stopped."""
    client = here.client(patience=patience)
    tries = [
        client.post("/sign-in", name="victim@example.org", password=f"guess {n}")
        for n in range(TRIES)
    ]
    return sum(answer.status == 422 for answer in tries), tries


def suffer(place, how, without=""):
    """Return people's responses while Redis was broken, and whether all emails were sent
    afterwards.
    """
    with fault_site(place, without=without, hole=True) as here:
        event = factories.event(factories.user(), capacity=5)
        patience = 6 if without else 60  # without protections nobody waits for long
        crowd = here.crowd(event, patience=patience)
        used = crowd.acts
        with load(*used, pause=0.02):
            time.sleep(2)  # actions sent once take effect once
        with load(*used, pause=0.02) as calm:
            time.sleep(4)
        break_redis(here, how)
        with load(*used, pause=0.02) as answers:
            for _ in range(SECONDS * 2):
                time.sleep(0.5)
                if how == "flushed":
                    break_redis(here, how)
        signed_in = crowd.member.get("/account").status == 200
        streams = crowd.listen().is_clean
        guesses, tries = let_through(here, patience)
        mend_redis(here, how)
        late = here.wait(here.all_sent, 12 if without else 180)
        return {
            "calm": longest(calm),
            "answers": [*answers, *tries],
            "success": share(answers),
            "p95": p95(answers),
            "longest": longest(answers),
            "signed_in": signed_in,
            "stream": streams,
            "guesses": guesses,
            "writes_lost": crowd.lost(),
            "lost": 0
            if late is not None
            else sum(n for state, n in here.states().items() if state not in ("sent", "dropped")),
            "late": late,
            "restarts": here.restarts,
        }


@pytest.mark.parametrize("how", HOW)
def test_the_site_works_through_redis_faults(row, folder, how):
    row.fault = f"Redis {how}"
    row.expected = "pages work, sessions hold, live pages fall back, sign-in stays limited, "
    row.expected += "no request waits over 0.3 s for Redis, no email is lost"
    row.made = f"{HOW[how]}; {WHO} for {SECONDS} s, "
    row.made += f"then {TRIES} guesses at a password (5 a minute and process)"
    seen = suffer(folder / "with", how)
    row.figure = in_words(seen)
    control = suffer(folder / "without", how, WITHOUT[how])
    row.control = f"without {WITHOUT[how]}: {in_words(control)}"

    assert seen["success"] == 100, statuses(seen["answers"])
    assert seen["signed_in"]
    assert seen["stream"]
    assert seen["guesses"] <= GUESSES[how]
    assert seen["longest"] <= 0.3 + seen["calm"] + 0.2
    assert seen["late"] is not None
    assert seen["writes_lost"] == 0
    assert (
        control["success"] < 100
        or control["guesses"] > GUESSES[how]
        or control["lost"]
        or control["longest"] > 2
    )


def in_words(seen):
    words = (
        f"{seen['success']:.1f} % of {len(seen['answers'])} fine, p95 {seen['p95'] * 1000:.0f} ms, "
    )
    words += f"slowest {seen['longest'] * 1000:.0f} ms (before: {seen['calm'] * 1000:.0f}), "
    words += f"{seen['guesses']} guesses let through, "
    words += f"{seen['writes_lost']} writes lost, {seen['lost']} emails lost"
    words += f", all out {seen['late']:.0f} s after" if seen["late"] is not None else ""
    return words + (f", {seen['restarts']} processes started again" if seen["restarts"] else "")
