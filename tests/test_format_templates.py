"""The formatter of templates changes how they read, and nothing that is sent."""

import random
import re

import pytest
from jinja2 import nodes

from scripts.format_templates import formatted
from scripts.layout import WIDTH
from scripts.template_tree import Unformattable
from webapp.config import ROOT

pytestmark = pytest.mark.any_database
#: Every fourth: `make check` formats all.
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))[::4]
LONG = "a_name_that_fills_much_of_the_line"

FORMATTED = {
    "what fits stays on a line": (
        "<p>{% if a %}<b>{{ x }}</b>{% endif %}</p>\n",
        "<p>{% if a %}<b>{{ x }}</b>{% endif %}</p>\n",
    ),
    "blocks and elements are indented": (
        "{% if a %}\n<ul>\n<li>{{ x }}</li>\n</ul>\n{% endif %}\n",
        "{% if a %}\n    <ul>\n        <li>{{ x }}</li>\n    </ul>\n{% endif %}\n",
    ),
    "one attribute a line": (
        f'<a class="{LONG}" href="{LONG}"{{% if a %}} hidden{{% endif %}} id="{LONG}">{{{{ x }}}}</a>\n',  # noqa: E501
        f'<a\n    class="{LONG}"\n    href="{LONG}"\n    {{%- if a %}} hidden{{% endif +%}}\n'
        f'    id="{LONG}"\n>{{{{ x }}}}</a>\n',
    ),
    "one argument a line": (
        f'{{{{ f({LONG}, {LONG}, "{LONG}", b=1) }}}}\n',
        f'{{{{ f(\n    {LONG},\n    {LONG},\n    "{LONG}",\n    b=1\n) }}}}\n',
    ),
    "a choice has a line for each way": (
        f"{{% set x = {LONG} if {LONG} and {LONG} else {LONG} %}}\n",
        f"{{% set x = {LONG}\n    if {LONG} and {LONG}\n    else {LONG}\n%}}\n",
    ),
    "a long text is broken at a space": (
        '{{ _("' + "word " * 25 + 'end") }}\n',
        '{{ _(\n    "' + "word " * 18 + '"\n    "' + "word " * 7 + 'end"\n) }}\n',
    ),
    "no space where there was none, and one where there was": (
        f"<b>{{{{ {LONG} }}}}</b>{{% if a %}} <i>{{{{ {LONG} }}}}</i>{{% endif %}}{{% if b %}}<u>{{{{ {LONG} }}}}</u>{{% endif %}}.\n",  # noqa: E501
        f"<b>{{{{ {LONG} }}}}</b>\n{{%- if a %}} <i>{{{{ {LONG} }}}}</i>{{% endif %}}\n"
        f"{{% if b %}}<u>{{{{ {LONG} }}}}</u>{{% endif %}}\n.\n",
    ),
    "a space after a condition is seen": (
        f"<p>{{{{ x }}}}{{% if a %}} <i>{{{{ {LONG} }}}}</i> <i>{{{{ {LONG} }}}}</i>"
        "{% endif %}</p>\n",
        f"<p>\n    {{{{- x }}}}\n    {{%- if a +%}}\n        <i>{{{{ {LONG} }}}}</i>\n"
        f"        <i>{{{{ {LONG} }}}}</i>\n    {{%- endif %}}\n</p>\n",
    ),
    "what is sent back stays as it is": (
        '<textarea name="x" rows="3">\n{{ x }}  {% if y %} {{ y }}{% endif %}</textarea>\n',
        '<textarea name="x" rows="3">\n{{ x }}  {% if y %} {{ y }}{% endif %}</textarea>\n',
    ),
    "elements that end elsewhere": (
        "{% if a %}</ul><ul>{% endif %}\n<li>{{ x }}</li>\n",
        "{% if a %}</ul><ul>{% endif %}\n<li>{{ x }}</li>\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), FORMATTED.values(), ids=FORMATTED)
def test_templates_are_formatted(before, after):
    assert formatted(before) == after
    assert formatted(after) == after


@pytest.mark.parametrize(
    "source", ["<p>" + "x" * WIDTH + "</p>\n", "<a {% if b %}>{% endif %}\n", "{% if a %}\n"]
)
def test_what_cannot_be_formatted_is_refused(source):
    with pytest.raises(Unformattable):
        formatted(source)


def test_formatting_keeps_what_every_template_sends(app):
    """A template, squeezed into long lines, is formatted as it is now; and both send the same,
    but for whitespace between blocks, whichever way their conditions and loops go.
    """
    for path in TEMPLATES:
        source = path.read_text()
        tree, again = (app.jinja_env.parse(text) for text in (source, formatted(joined(source))))
        for seed in range(2):
            assert sent(tree, random.Random(seed)) == sent(again, random.Random(seed)), path


def joined(source: str) -> str:
    """Return the template with its code in one line each."""
    return re.sub(
        r"\{[{%].*?[%}]\}", lambda code: re.sub(r"\n\s*", " ", code[0]), source, flags=re.S
    )


def sent(node: nodes.Node, chance: random.Random) -> str:
    """Return what a template would send, with values as they are called, if chance decided."""
    html = "".join(_pieces(node, chance))
    html = re.sub(r"\s*(/?>)|(?<=<)\s+", r"\1", re.sub(r"\s+", " ", html))
    return re.sub(r"(?<=>) (?=<)|(?<=<br>) ", "", html)


def _pieces(node: nodes.Node, chance: random.Random):
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Expr):
        yield repr(node)
    elif isinstance(node, nodes.If):
        branches = [node.body, *[other.body for other in node.elif_], node.else_]
        yield from _all(chance.choice(branches), chance)
    elif isinstance(node, nodes.For):
        for _ in range(chance.choice([0, 1, 2])):
            yield from _all(node.body, chance)
    else:
        yield from _all(node.iter_child_nodes(), chance)


def _all(found, chance):
    for node in found:
        yield from _pieces(node, chance)
