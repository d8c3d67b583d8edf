"""What a form's summary says when it was refused."""

from typing import Any, NamedTuple

from wtforms import Form


class FormError(NamedTuple):
    """A sentence, and the id of the control that it is about (None: the form as a whole)."""

    target: str | None
    sentence: str


def form_errors_of(form: Form) -> list[FormError]:
    """Every problem of `form` in the order of its fields; the first bad field is marked to take
    the focus.
    """
    problems = [FormError(None, sentence) for sentence in form.form_errors]
    bad = [field for field in form if field.errors]
    for field in bad:
        field.takes_focus = field is bad[0]
        problems += [FormError(field.id, sentence) for sentence in _flat(field.errors)]
    return problems


def _flat(errors: Any) -> list[str]:
    """The sentences of a field; those of a list of fields or of a form inside lie deeper."""
    if isinstance(errors, str) or not isinstance(errors, (list, tuple, dict)):
        return [errors]
    parts = errors.values() if isinstance(errors, dict) else errors
    return [sentence for part in parts for sentence in _flat(part)]
