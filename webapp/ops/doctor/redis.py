"""Redis: there, and not throwing away what waits in it."""

from collections.abc import Iterator

from flask import current_app
from redis.exceptions import RedisError

from ...core.patience import patient
from .findings import Finding, bad, good, odd


def reachable() -> Iterator[Finding]:
    """Whether Redis answers where one is set, and forgets nothing when it is full."""
    url = current_app.config["REDIS_URL"]
    if not url:
        yield good("redis: none is set; the one web process does everything itself")
        return
    try:
        says = patient(url).info()
    except (RedisError, OSError) as error:
        remedy = (
            "Is it running? Are the host and the password in REDIS_URL right? Until then mails "
            "are slow and pages not live."
        )
        yield bad(f"redis: does not answer ({type(error).__name__})", remedy)
        return
    yield good(f"redis: {says['redis_version']} answers")
    yield from _memory(says)


def _memory(says: dict[str, object]) -> Iterator[Finding]:
    policy, most, used = (
        str(says.get("maxmemory_policy")),
        int(str(says.get("maxmemory", 0))),
        int(str(says["used_memory"])),
    )
    if policy != "noeviction":
        yield odd(
            f"redis: when full it forgets ({policy}), also jobs and counts of tries",
            "Set maxmemory-policy noeviction.",
        )
    if most and used > most * 0.9:
        yield bad(
            f"redis: {100 * used // most}% of its memory is used",
            "Raise maxmemory, or look for who else fills it.",
        )
