"""Check that every template compiles, is formatted, has no unused imports, names most arguments,
and obeys the Content Security Policy.

Arguments are folders to check instead of templates/.
"""

import re
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from jinja2 import Environment, TemplateError, nodes

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.format_templates import formatted  # noqa: E402
from scripts.template_tree import Unformattable  # noqa: E402

MOST_POSITIONAL = 5

COMMENT = re.compile(r"\{#.*?#\}", re.S)
CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
TAG = re.compile(r"<(?P<name>[a-zA-Z][\w:-]*)(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^'\">])*)>")

# (what is wrong, a pattern of a tag's attributes)
FORBIDDEN_ATTRIBUTES = [
    ("an on… handler", re.compile(r"(?:^|\s)on[a-z]+\s*=", re.I)),
    ("hx-on", re.compile(r"(?:^|\s)(?:data-)?hx-on\b", re.I)),
    ("a js: value", re.compile(r"=\s*[\"']?\s*(?:js|javascript):", re.I)),
    (
        "a filter in hx-trigger, which htmx would evaluate",
        re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\w\[", re.I),
    ),
]
INLINE_STYLE = re.compile(r"(?:^|\s)style\s*=", re.I)
HANDLER_IN_CODE = re.compile(
    r"[(,]\s*(?:style|on(?:click|change|input|submit|load|error|focus|blur|key\w+))\s*="
)


def without_code(source: str) -> str:
    """Return the template's HTML without code; line numbers stay."""
    source = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    return CODE.sub(lambda match: "x" + "\n" * match[0].count("\n"), source)


def line_of(source: str, position: int) -> int:
    """Return the line number of a position, from 1."""
    return source.count("\n", 0, position) + 1


def unused_imports(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield the names that a template imports and doesn't use."""
    said = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    for statement in tree.find_all((nodes.Import, nodes.FromImport)):
        if isinstance(statement, nodes.Import):
            names = [statement.target]
        else:
            names = [name if isinstance(name, str) else name[1] for name in statement.names]
        for name in names:
            if name not in said:
                yield statement.lineno, f"imports {name} and does not use it"


def unnamed_arguments(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield calls in which a reader has to count the arguments to know what they are."""
    for call in tree.find_all(nodes.Call):
        if len(call.args) > MOST_POSITIONAL:
            wrong = f"passes {len(call.args)} arguments without names, {MOST_POSITIONAL} at most"
            yield call.lineno, wrong


def inline_code(source: str, is_email: bool) -> Iterator[tuple[int, str]]:
    """Yield what our policy would refuse to run or to apply.

    Emails have no policy: their styles are inlined on purpose.
    """
    html = without_code(source)
    for tag in TAG.finditer(html):
        line, name, attributes = line_of(html, tag.start()), tag["name"].lower(), tag["attributes"]
        if (
            name == "script"
            and "application/ld+json" not in attributes
            and not re.search(r"\ssrc\s*=", attributes)
        ):
            yield line, "has an inline script"
        if name == "style" and not is_email:
            yield line, "has an inline style sheet"
        if INLINE_STYLE.search(attributes) and not is_email:
            yield line, "has a style attribute"
        for wrong, pattern in FORBIDDEN_ATTRIBUTES:
            if pattern.search(attributes):
                yield line, f"has {wrong}"
    for code in CODE.finditer(COMMENT.sub("", source)):
        if HANDLER_IN_CODE.search(code[0]) and not is_email:
            yield (
                line_of(source, source.find(code[0])),
                "passes a style or a handler to a macro or field",
            )


def unformatted(source: str) -> Iterator[tuple[int, str]]:
    """Yield the first line that `format_templates.py` would write in another way."""
    try:
        text = formatted(source)
    except Unformattable as error:
        yield 1, f"can't be formatted: {error}"
        return
    for number, lines in enumerate(zip_longest(source.splitlines(), text.splitlines()), 1):
        if lines[0] != lines[1]:
            yield number, "isn't formatted: run python scripts/format_templates.py"
            return


def problems(env: Environment, path: Path, folder: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, what is wrong) for one template."""
    source = path.read_text()
    name = path.relative_to(folder).as_posix()
    try:
        tree = env.parse(source, name)
        yield from unused_imports(tree)
        yield from unnamed_arguments(tree)
        env.compile(source, name)
    except TemplateError as error:
        yield getattr(error, "lineno", None) or 1, str(error)
    yield from unformatted(source)
    if path.suffix in {".html", ".svg", ".xml"}:
        yield from inline_code(source, is_email=name.startswith("emails/"))


def main() -> int:
    """Check all templates; return 0 if they have no problems."""
    from webapp import create_app

    env = create_app().jinja_env
    folders = [Path(word).resolve() for word in sys.argv[1:]] or [ROOT / "templates"]
    found = 0
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            for line, wrong in problems(env, path, folder):
                found += 1
                print(f"{path}:{line}: {wrong}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
