"""What people uploaded: whether the place where it lies lets us in."""

from collections.abc import Iterator

from flask import current_app

from ...core.files import Away, files
from .findings import Finding, bad, good


def reachable() -> Iterator[Finding]:
    """Whether the folder can be written, or the bucket answers and lets us look into it."""
    url = current_app.config["FILES_URL"]
    where = url or str(current_app.config["INSTANCE"] / "files")
    try:
        files().check()
    except Away as error:
        bucket = (
            "Are FILES_URL and the settings S3_… right, does the bucket exist, and may the key "
            "use it?"
        )
        folder = "The user that runs the site must own that folder."
        yield bad(f"files: {where} does not let us in ({error})", bucket if url else folder)
    else:
        yield good(f"files: they lie in {where}")
