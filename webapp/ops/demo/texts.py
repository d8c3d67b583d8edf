"""The texts of the demo: YAML files in `data/`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml

FOLDER = Path(__file__).parent / "data"
Row = TypeVar("Row")


def load(name: str) -> Any:
    """Return what `data/<name>.yaml` holds."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def rows(kind: Callable[..., Row], entries: Iterable[dict[str, Any]]) -> list[Row]:
    """Return each entry as a `kind`, which refuses keys that it doesn't know."""
    return [kind(**entry) for entry in entries]
