"""A real S3 server for tests: moto's, in its own process and a virtual environment with pinned
requirements.
"""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from scripts.services import free_port
from tests.environments import python_with
from tests.processes import eventually, kill

BUCKET = "folkmoot"


@contextmanager
def running(log: Path) -> Iterator[dict[str, str]]:
    """Run the server with an empty bucket; yield the settings of a site that uses it."""
    port = free_port()
    command = [python_with("s3"), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=quiet, stdout=output, stderr=output)
    try:
        assert eventually(lambda: _answers(port)), log.read_text()
        endpoint = f"http://127.0.0.1:{port}"
        urlopen(Request(f"{endpoint}/{BUCKET}", method="PUT"), timeout=10).close()
        yield {
            "FILES_URL": f"s3://{BUCKET}/uploads",
            "S3_ENDPOINT": endpoint,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "who",
            "S3_SECRET_KEY": "what",
        }
    finally:
        kill(process)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except HTTPError:
            return True
        except URLError:
            return False
        return True
    return False
