"""Decode AVIF files in a separate process with limited memory.

The file's header gives the displayed size. The decoder learns the size of the coded frame, and its
need of memory, only while it decodes. Pillow can't limit that: a file of 3 kB that claims 100×100
pixels can take 440 MB, and larger frames more.

This file is also the program of that process. It imports nothing else of the application.
"""

import resource
import subprocess
import sys
from io import BytesIO

from PIL import AvifImagePlugin, Image

#: The decoder's memory limit in bytes.
MEMORY = 300_000_000
#: Seconds after which decoding is stopped: such a file is malicious.
PATIENCE = 30.0


def as_png(content: bytes, side: int) -> bytes:
    """Return the first frame as PNG with its profile and orientation, no side longer than `side`.

    Raises OSError if the file is damaged, or takes too much memory or time.
    """
    command = [sys.executable, "-I", __file__, str(side), str(MEMORY)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, check=True, timeout=PATIENCE
        )
    except subprocess.SubprocessError as failed:
        raise OSError("This AVIF file can't be decoded.") from failed
    return done.stdout


def _decode(side: int, memory: int) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    image = Image.open(BytesIO(sys.stdin.buffer.read()), formats=["AVIF"])
    about = {name: image.info[name] for name in ("icc_profile", "exif") if name in image.info}
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image.save(sys.stdout.buffer, "PNG", compress_level=1, **about)


if __name__ == "__main__":
    _decode(*map(int, sys.argv[1:]))
