"""URLs are built like Werkzeug's, and builders are compiled on first use."""

import pytest
from werkzeug.routing import Map, Rule

from webapp import create_app
from webapp.core.http.links import Route

pytestmark = pytest.mark.any_database

SHAPES = [
    "/",
    "/groups/<slug>",
    "/groups/<slug>/members/<uuid:id>",
    "/pages/<int:number>/<path:rest>",
]
VALUES = {
    "slug": "öl & wasser",
    "id": "01900000-0000-7000-8000-000000000000",
    "number": 7,
    "rest": "a/b c",
}


@pytest.mark.parametrize("append_unknown", [True, False], ids=["with what else is said", "without"])
@pytest.mark.parametrize("shape", SHAPES)
def test_built_urls_equal_werkzeugs(shape, append_unknown):
    ours, theirs = Route(shape, endpoint="here"), Rule(shape, endpoint="here")
    for rule in (ours, theirs):
        Map([rule])
    values = {name: value for name, value in VALUES.items() if name in theirs.arguments}
    if append_unknown:
        values |= {"page": "2", "self": "x"}

    built = [ours.build(values, append_unknown) for _time in range(2)]
    assert built == [theirs.build(values, append_unknown)] * 2


def test_url_builders_are_compiled_once_on_first_use(tmp_path, monkeypatch):
    compiled, compile_builder = [], Rule._compile_builder

    def noted(rule, append_unknown=True):
        compiled.append(rule.rule)
        return compile_builder(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    app = create_app(
        DATABASE_URL="sqlite://", INSTANCE=str(tmp_path), REDIS_URL="", MAIL_SERVER="", TESTING=True
    )
    assert compiled == []

    with app.test_request_context():
        assert app.url_for("events.index") == app.url_for("events.index") == "/events"
    assert compiled == ["/events"]
