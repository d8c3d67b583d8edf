"""The hooks between features: each is called and heard."""

import re
from inspect import signature
from pathlib import Path

import pytest

from webapp.core import hooks

pytestmark = pytest.mark.any_database

WEBAPP = Path(hooks.__file__).parents[1]


def test_each_hook_is_called_somewhere_and_heard(app):
    code = "\n".join(path.read_text() for path in WEBAPP.rglob("*.py"))
    called = set(re.findall(r"\bhooks\.(\w+)\(", code))

    assert {hook.name for hook in hooks.OCCASIONS} - called == set()
    assert [hook.name for hook in hooks.OCCASIONS if not hook.subscribers] == []


def test_subscribers_take_what_their_hook_carries(app):
    for hook in hooks.OCCASIONS:
        for function in hook.subscribers:
            signature(function).bind(**dict.fromkeys(hook.carries))


@pytest.mark.parametrize(
    ("name", "hook"), [("exporting", hooks.user_exported), ("erasing", hooks.user_erased)]
)
def test_every_module_for_exports_or_erasing_has_subscribed(app, name, hook):
    modules = {f"webapp.{path.parent.name}.{name}" for path in WEBAPP.glob(f"*/{name}.py")}

    assert len(modules) > 5
    assert modules - {function.__module__ for function in hook.subscribers} == set()


def test_each_hooks_name_is_that_of_its_variable():
    variables = {name: it for name, it in vars(hooks).items() if isinstance(it, hooks.Hook)}

    assert len(variables) > 20
    assert [name for name, hook in variables.items() if hook.name != name] == []


def test_subscribers_are_called_in_order_with_the_hooks_arguments():
    heard = []
    hook = hooks.Hook("door_opened", ("who",), "for this test")
    hook.subscribe(first := lambda who: heard.append(("first", who)))
    hook.subscribe(lambda who: heard.append(("second", who)))
    hook.subscribe(first)

    hook(who="Ana")

    assert heard == [("first", "Ana"), ("second", "Ana")]
    with pytest.raises(AssertionError):
        hook(someone="Ana")
