"""Write `docs/routes.md` from the application's URL map. A test checks that it is current."""

import sys
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from webapp import create_app  # noqa: E402

TARGET = ROOT / "docs" / "routes.md"
HEAD = """# Every route

`python scripts/routes.py` writes this page from the code; a test checks that it is current. The third column says who can use
a route: `public` everyone, `signed_in` everyone who is signed in, `token` scripts with METRICS_TOKEN (also at `/health/status`), any other name
is an action of the table at `/roles` (`site:admin`: site admins), which the route's door checks. What a person then sees is up to the loader.
"""  # noqa: E501


def text(app: Flask) -> str:
    """Return the document: one table for each first part of the paths."""
    rules = sorted(
        (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"), key=_order
    )
    return HEAD + "".join(_table(word, list(some), app) for word, some in groupby(rules, key=_word))


def _order(rule: Any) -> tuple[str, str, str]:
    return _word(rule), rule.rule, _method(rule)


def _word(rule: Any) -> str:
    return rule.rule.split("/")[1]


def _method(rule: Any) -> str:
    return "POST" if "POST" in rule.methods else "GET"


def _table(word: str, rules: list[Any], app: Flask) -> str:
    lines = [
        f"\n## /{word}\n",
        "| | path | who | what it does | endpoint |",
        "|---|---|---|---|---|",
    ]
    for rule in rules:
        view = app.view_functions[rule.endpoint]
        what = " ".join((view.__doc__ or "").strip().split("\n\n")[0].split()).replace("|", "\\|")
        lines.append(
            f"| {_method(rule)} | `{rule.rule}` | `{getattr(view, 'permission', '')}` | {what} | "
            f"`{rule.endpoint}` |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with TemporaryDirectory() as instance:
        TARGET.write_text(
            text(
                create_app(
                    INSTANCE=instance, MAIL_SERVER="", REDIS_URL="", ENVIRONMENT="development"
                )
            )
        )
