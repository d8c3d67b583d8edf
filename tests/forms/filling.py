"""Ways to fill in a form: as shown, in full, empty, with each choice, by each button, and by
script.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bs4 import Tag

from tests import factories, images
from tests.browser_like import is_disabled

from .reading import Form

Fields = dict[str, list[str]]
Files = dict[str, tuple[str, bytes]]
Words = Mapping[str, list[str]]
#: Values for empty fields, by name.
WORDS = {
    "title": "An evening by the river",
    "name": "River walkers",
    "starts": "2031-05-01T10:00",
    "ends": "2031-05-01T12:00",
    "opens": "2031-05-01T10:00",
    "closes": "2031-06-01T10:00",
    "options": "Tea\nCoffee",
    "zone": "Europe/Lisbon",
    "email": "gil@example.org",
    "first_name": "Gil",
    "last_name": "Moreau",
    "password": factories.PASSWORD,
    "password_again": factories.PASSWORD,
    "current": factories.PASSWORD,
    "online_url": "https://example.org/room",
}
#: The same by type of field.
TYPES = {
    "email": "gil@example.org",
    "url": "https://example.org/more",
    "number": "1",
    "datetime-local": "2031-05-01T10:00",
    "date": "2031-05-01",
    "time": "10:00",
    "tel": "+351 210 000 000",
    "password": factories.PASSWORD,
    "text": "river",
    "search": "river",
}
#: The same by input mode.
NUMBERS = {"numeric": "5", "decimal": "7.50"}
TYPED = {*TYPES, "textarea"}
#: Checkboxes that are ticked only if nothing else is filled in.
ALONE = {("choice", "blank")}
#: The most fields with choices of a usual form. A form with more is a table, whose choices are
#: tried together.
FEW = 12
#: An upload of each kind: its file name and its content.
PICTURE = ("picture.png", images.encoded(images.drawing((60, 40)), "PNG"))
LIST = ("people.csv", b"ines@example.org\njoao@example.org\n")


@dataclass
class Fill:
    """A submission: its name, the fields, the files, and the button pressed."""

    name: str
    fields: Fields
    files: Files = field(default_factory=dict)
    button: Tag | None = None
    by_script: bool = False


def fills(form: Form, needed: Words, wanted: Words, everything: bool) -> Iterator[Fill]:
    """Yield the ways to send a form: `everything`, or only as it is shown."""
    buttons = [one for one in form.buttons if not one.has_attr("hidden")]
    if not form.buttons and not any(_kind(one) in TYPED for one in form.controls):
        return  # there is no way to send it
    first = buttons[0] if buttons else None
    words = {**wanted, **needed}
    shown, files = with_needed(form, needed, words), files_of(form, needed=True)
    if buttons or not form.buttons:
        yield Fill("as shown", shown, files, first)
    if not everything:
        if form.tag.get("hx-post"):
            yield from by_script(form, shown, files, first)
        return
    yield from (Fill(f"button {_words(one)}", shown, files, one) for one in buttons[1:])
    if form.tag.get("hx-post") or form.tag.get("hx-get"):
        yield from by_script(form, shown, files, first)
    for one in buttons:
        if one.get("hx-post"):
            yield Fill(f"by htmx {one.get('id') or _words(one)}", shown, files, one, True)
    full, all_files = in_full(form, shown, words), files_of(form, needed=False)
    if full != shown or all_files != files:
        yield Fill("in full", full, all_files, first)
    bare = emptied(form, shown, needed)
    if bare != shown:
        yield Fill("bare", bare, files, first)
    for control in filter(_is_alone, form.controls):
        said = {name: values for name, values in shown.items() if not name.startswith("mark")}
        alone = {**said, str(control["name"]): [str(control["value"])]}
        yield Fill("alone", alone, files, first)
    offered = list(choices(form, shown))
    if len({name for name, _value in offered}) > FEW:
        for number, chosen in enumerate(at_once(offered)):
            yield Fill(f"choices no {number}", {**full, **chosen}, files, first)
        return
    for name, value in offered:
        yield Fill(f"{name}={value}", {**full, name: [value]}, files, first)


def by_script(form: Form, shown: Fields, files: Files, button: Tag | None) -> Iterator[Fill]:
    """Yield what htmx sends by this button, and by those that only scripts press."""
    filled = dict(shown)
    for control in form.controls:
        if control.has_attr("data-guess-zone"):
            filled[str(control["name"])] = [str(control.get("value")) or "Europe/Lisbon"]
    if button is not None or not form.buttons:
        yield Fill("by htmx", filled, files, button, by_script=True)
    for hidden in form.buttons:
        alike = (one for one in form.buttons if one.get("name") == hidden.get("name"))
        like = button or next(alike, None)
        if hidden.has_attr("data-drop") and like is not None and like is not hidden:
            dropped = {**filled, str(hidden["name"]): [str(like["value"])]}
            yield Fill("dropped", dropped, files, by_script=True)


def with_needed(form: Form, needed: Words, words: Words) -> Fields:
    """Return the fields as shown, with values for empty ones that are required."""
    fields = form.values
    for control in form.controls:
        name, kind = str(control.get("name", "")), _kind(control)
        if not name or is_disabled(control) or any(fields.get(name, [])):
            continue
        if kind == "radio":
            options = _options(form, name)
            fields[name] = [one for one in words.get(name, []) if one in options] or options[:1]
        elif kind == "checkbox":
            if (name in needed or _is_needed(control)) and not _is_alone(control):
                fields[name] = [str(control.get("value", "on"))]
        elif (name in needed or _is_needed(control)) and (kind in TYPED or kind == "select"):
            fields[name] = _words_for(control, words)
    return fields


def in_full(form: Form, shown: Fields, known: Words) -> Fields:
    """Return the fields with a value in each, and with every box ticked."""
    fields = dict(shown)
    for control in form.controls:
        name, kind = str(control.get("name", "")), _kind(control)
        if not name or is_disabled(control) or _is_trap(control) or _is_alone(control):
            continue
        if kind == "checkbox":
            value = str(control.get("value", "on"))
            fields[name] = [*(one for one in fields.get(name, []) if one != value), value]
        elif kind == "radio" and name not in fields:
            fields[name] = _options(form, name)[:1]
        elif kind in TYPED and not any(fields.get(name, [])):
            fields[name] = _words_for(control, known)
    return fields


def emptied(form: Form, shown: Fields, needed: Words) -> Fields:
    """Return the fields without optional values, and with no box ticked."""
    fields = dict(shown)
    for control in form.controls:
        name = str(control.get("name", ""))
        if _is_needed(control) or is_disabled(control) or name in needed:
            continue
        if _kind(control) == "checkbox":
            fields.pop(name, None)
        elif _kind(control) in TYPED:
            fields[name] = [""]
    return fields


def choices(form: Form, shown: Fields) -> Iterator[tuple[str, str]]:
    """Yield each other choice of each field that has any; of many only the first and the last."""
    selects = {str(one.get("name", "")) for one in form.controls if _kind(one) == "select"}
    offering = [one for one in form.controls if _kind(one) in {"radio", "select"}]
    names = [str(one.get("name", "")) for one in offering if not _is_of_rows(form, one)]
    walked: set[str] = set()
    for name in dict.fromkeys(names):
        options = [one for one in _options(form, name) if [one] != shown.get(name)]
        if (name.rpartition("-")[0] or name) in walked:
            continue
        walked.add(name.rpartition("-")[0] or name)
        is_long = len(options) > (3 if name in selects else 8)
        yield from ((name, one) for one in ([options[0], options[-1]] if is_long else options))


def _is_of_rows(form: Form, control: Tag) -> bool:
    """Whether the field is repeated in each row of the form, so that all its values are sent in
    order.
    """
    alike = [one for one in form.controls if one.get("name") == control.get("name")]
    return _kind(control) == "select" and len(alike) > 1


def at_once(offered: list[tuple[str, str]]) -> Iterator[Fields]:
    """Yield the choices of a form of many similar fields together: the first of each, then the
    second of each, and so on.
    """
    by_name: Fields = {}
    for name, value in offered:
        by_name.setdefault(name, []).append(value)
    for number in range(max(map(len, by_name.values()))):
        yield {name: values[number : number + 1] or values[-1:] for name, values in by_name.items()}


def files_of(form: Form, needed: bool) -> Files:
    """Return a file for each upload field. `needed`: only if the form has nothing else to send."""
    takers = [one for one in form.controls if one.get("type") == "file" and not is_disabled(one)]
    if needed and any(_kind(one) in TYPED for one in form.controls):
        return {}
    return {
        str(one["name"]): LIST if "csv" in str(one.get("accept", "")) else PICTURE for one in takers
    }


def _kind(control: Tag) -> str:
    return (
        control.name if control.name in {"textarea", "select"} else str(control.get("type", "text"))
    )


def _is_needed(control: Tag) -> bool:
    """Whether a value is required, by the page or by a host's or a group's question."""
    return control.has_attr("required") or str(control.get("name", "")).startswith(
        ("said_", "answer_")
    )


def _is_alone(control: Tag) -> bool:
    return (control.get("name"), control.get("value")) in ALONE


def _is_trap(control: Tag) -> bool:
    """Whether the field is hidden from people."""
    return control.get("tabindex") == "-1"


def _options(form: Form, name: str) -> list[str]:
    found: list[str] = []
    for control in form.controls:
        if control.get("name") != name or is_disabled(control):
            continue
        if control.name == "select":
            options = [one for one in control.find_all("option") if not one.has_attr("disabled")]
            found += [str(one.get("value", one.get_text())) for one in options]
        else:
            found.append(str(control.get("value", "on")))
    return found


def _words_for(control: Tag, known: Words) -> list[str]:
    name = str(control["name"])
    if name in known:
        return known[name]
    if control.name == "select":
        return [next(str(one["value"]) for one in control.find_all("option") if one.get("value"))]
    if control.get("inputmode") in NUMBERS:
        return [NUMBERS[str(control["inputmode"])]]
    number = name.rpartition("_")[2]
    words = WORDS.get(name) or TYPES.get(_kind(control), "Words by the river.")
    return [f"{words} {number}" if number.isdigit() else words]


def _words(button: Tag | None) -> str:
    return f"{button.get('name', '')}={button.get('value', '')}" if button is not None else ""
