"""The HTML checks find what they look for."""

import pytest

from .markup import problems

WELL = (
    "<!DOCTYPE html><html "
    'lang="en"><head><title>Page</title></head><body><h1>Page</h1>{}</body></html>'
)

pytestmark = pytest.mark.browser


def test_valid_html_has_no_problems():
    assert (
        problems(
            WELL.format(
                '<label for="a">A</label><input id="a" aria-describedby="b"><p id="b">B</p>'
            )
        )
        == []
    )


@pytest.mark.parametrize(
    "wrong",
    [
        '<p id="a"></p><p id="a"></p>',
        '<label for="nobody">A</label>',
        "<label>A</label>",
        '<a href="/"><button>A</button></a>',
        '<p aria-describedby="nobody"></p>',
        '<a href="#nobody">A</a>',
        "<h1>Twice</h1>",
        "<h3>Skips one</h3>",
        '<img src="a.png">',
        '<p style="color: red"></p>',
        "<script>1</script>",
        "<div><p></div>text</p>",
    ],
)
def test_invalid_html_is_reported(wrong):
    assert problems(WELL.format(wrong))
