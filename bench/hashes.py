"""Measure how many passwords this machine verifies a second, with the application's parameters.

`python -m bench.hashes SECONDS` is one process, with as many threads as the application lets hash
at the same time.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from webapp.accounts import credentials

from .data import people
from .sites import python


def rate(processes: int, seconds: float) -> float:
    """Return the verifications a second of this many processes together."""
    command = python("bench.hashes", str(seconds))
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    return sum(float(process.communicate()[0]) for process in running)


def _verify(deadline: float) -> int:
    done = 0
    while time.perf_counter() < deadline:
        assert credentials.matches(people.PASSWORD, people.password_hash())
        done += 1
    return done


def main() -> None:
    """Print the rate of this process."""
    seconds = float(sys.argv[1])
    people.password_hash()
    started = time.perf_counter()
    with ThreadPoolExecutor(credentials.AT_ONCE) as pool:
        counts = pool.map(_verify, [started + seconds] * credentials.AT_ONCE)
    print(sum(counts) / (time.perf_counter() - started))


if __name__ == "__main__":
    main()
