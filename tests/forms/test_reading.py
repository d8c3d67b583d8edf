"""What a browser submits of a form, and which form it is."""

import pytest

from .known import REFUSED
from .reading import forms_of, numbered

pytestmark = pytest.mark.any_database

PAGE = """
<form id="one" method="post" action="/one">
<input name="plain" value="A"><input name="off" value="B" disabled><input type="file" name="file">
<fieldset disabled><input name="inside" value="C"></fieldset>
<input type="checkbox" name="box" value="1" checked><input type="checkbox" name="box" value="2">
<input type="radio" name="radio" value="x"><input type="checkbox" name="bare" checked>
<select name="first"><option disabled>no</option><option value="y">Yes</option></select>
<select name="many" multiple><option selected>a</option><option>b</option><option selected>c</option>
</select><textarea name="words">

Words</textarea><button>Send</button><button type="button">Not this</button>
</form>
<input name="outside" value="D" form="one"><button form="one" formaction="/two">Elsewhere</button>
"""  # noqa: E501


def test_only_values_a_browser_would_send_are_read():
    (form,) = forms_of(PAGE, "/here")

    assert form.values == {
        "plain": ["A"],
        "box": ["1"],
        "bare": ["on"],
        "first": ["y"],
        "many": ["a", "c"],
        "words": ["\nWords"],
        "outside": ["D"],
    }
    assert [form.target(button) for button in form.buttons] == ["/one", "/two"]


def test_a_forms_shape_depends_on_its_fields_and_not_their_values():
    shapes = [forms_of(page, "/")[0].shape for page in (PAGE, PAGE.replace('"A"', '"Z"'))]
    other = forms_of(PAGE.replace('name="plain"', 'name="new"'), "/")[0].shape

    assert shapes[0] == shapes[1] != other


def test_each_form_in_a_template_is_numbered():
    assert numbered("<form><form id=x>", "a.html") == (
        '<form data-source="a.html 1"><form data-source="a.html 2" id=x>'
    )


def test_every_expected_refusal_has_a_reason():
    assert all(line.sentence and line.reason for line in REFUSED)
    assert len(set(REFUSED)) == len(REFUSED)
