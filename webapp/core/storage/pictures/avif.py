"""AVIF files, decoded in a process of their own whose memory the kernel limits.

The head of such a file says how large the picture is shown. How large the coded frame is, and how
much the decoder takes for it, it only learns while it decodes, and Pillow can't limit it: a file
of 3 kB that claims 100×100 pixels can take 440 MB, and larger frames more.

This file is also the program that the process runs. It imports nothing else of the application.
"""

import resource
import subprocess
import sys
from io import BytesIO

from PIL import AvifImagePlugin, Image

#: Bytes that the decoder may take.
MEMORY = 300_000_000
#: Seconds after which a file was made to be slow.
PATIENCE = 30.0


def as_png(content: bytes, side: int) -> bytes:
    """The first frame with its profile and orientation, no side longer than `side`.

    Raises OSError where the file is damaged, or takes too much memory or time.
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
