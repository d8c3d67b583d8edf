"""A browser reads the same rules in a stylesheet with and without its comments and indentation."""

import pytest

from webapp.config import ROOT
from webapp.core.http.static_files import minified

pytestmark = pytest.mark.browser

RULES = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return [...sheet.cssRules].map(rule => rule.cssText.replace(/\\s+/g, " "));
}"""


def test_stylesheets_mean_the_same_without_comments_and_indentation(chromium):
    static, page = ROOT / "static", chromium.new_page()
    paths = sorted((static / "css").glob("*.css"))
    whole = {path.name: page.evaluate(RULES, path.read_text()) for path in paths}
    short = {
        path.name: page.evaluate(RULES, minified(path.relative_to(static), path).decode())
        for path in paths
    }
    page.close()

    assert [name for name in whole if short[name] != whole[name]] == []
    assert sum(len("".join(rules)) for rules in whole.values()) > 50_000, "the control"
