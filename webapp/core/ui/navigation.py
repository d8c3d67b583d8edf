"""Manage areas: the pages on which an event, a group or the site is managed, under one menu.

Features declare their pages, tasks and figures. A page of the area takes one statement for all of
them.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from ..extensions import db
from .to_do import Question, Todo, TodoRule


class AreaPage(NamedTuple):
    """A page in the menu, below the heading `section`.

    Its template passes `here="name"` to the layout. It is shown to those who may do `action`, by
    default the area's action. Unless it `is_in_use`, the section Add lists it with the text `hint`
    instead. `number` is shown beside it. `values` are those of its URL. If it `is_elsewhere`, only
    Add lists it. Lower ranks come first.
    """

    name: str
    endpoint: str
    label: Any
    icon: str
    section: str
    action: str = ""
    is_in_use: Question | None = None
    hint: Any = ""
    number: Question | None = None
    values: Question | None = None
    is_elsewhere: bool = False
    rank: int = 0


class AreaFigure(NamedTuple):
    """A number on the overview, formatted by `shows`, and its `detail`, formatted by `says`."""

    name: str
    label: Any
    number: Question
    shows: Callable[[Any], str] = str
    detail: Question | None = None
    says: Callable[[Any], str] = str


class MenuLine(NamedTuple):
    """A page as the reader sees it in the menu or in Add."""

    page: AreaPage
    url: str
    number: int


class Menu(NamedTuple):
    """The area as one reader sees it; `unused` is what Add lists."""

    headings: Mapping[str, Any]
    lines: list[MenuLine]
    unused: list[MenuLine]
    add_url: str
    tasks: list[Todo]
    figures: list[tuple[str, str, str]]

    def line(self, here: str) -> MenuLine:
        """Return the page with this name."""
        return next(line for line in (*self.lines, *self.unused) if line.page.name == here)

    def sections(self, here: str) -> list[tuple[Any, list[MenuLine]]]:
        """Return headings with their pages: those in use, and the open one."""
        shown = [*self.lines, *(line for line in self.unused if line.page.name == here)]
        by_section = [
            (label, [line for line in shown if line.page.section == name])
            for name, label in self.headings.items()
        ]
        return [(label, lines) for label, lines in by_section if lines]


class Area:
    """A manage area. `overview` is the endpoint of its first page, which needs `overview_action`.

    Other pages need `action`, and `values` give the values of their URLs, unless they declare their
    own.
    """

    def __init__(
        self,
        overview: str,
        overview_action: str,
        action: str,
        values: Question,
        headings: Mapping[str, Any],
    ) -> None:
        self._overview, self._action, self._values = overview, action, values
        self._headings = {"": "", **headings}
        first = AreaPage("overview", overview, _l("Overview"), "home", "", action=overview_action)
        self.pages = {first.name: first}
        self.tasks: dict[str, TodoRule] = {}
        self.figures: dict[str, AreaFigure] = {}

    def add(self, *pages: AreaPage) -> None:
        """Add pages."""
        self.pages |= {page.name: page for page in pages}

    def add_tasks(self, *tasks: TodoRule) -> None:
        """Add tasks to the overview."""
        self.tasks |= {task.name: task for task in tasks}

    def add_figures(self, *figures: AreaFigure) -> None:
        """Add figures to the overview."""
        self.figures |= {figure.name: figure for figure in figures}

    def menu(self, may: Container[str], *about: Any, is_overview: bool = False) -> Menu:
        """Return the pages for someone with these permissions; on the overview also tasks and
        figures.

        Takes at most one statement.
        """
        pages = self._allowed(self.pages.values(), may)
        tasks = self._allowed(self.tasks.values(), may) if is_overview else []
        figures = list(self.figures.values()) if is_overview else []
        numbers = _answers(pages, tasks, figures, about)

        def url(one: Any) -> str:
            return url_for(one.endpoint, **(one.values or self._values)(*about))

        lines: list[MenuLine] = []
        unused: list[MenuLine] = []
        for page in pages:
            number = numbers.get(page.number) or 0
            is_in_use = bool(number or numbers.get(page.is_in_use, not page.is_elsewhere))
            if not (page.is_elsewhere and is_in_use):
                (lines if is_in_use else unused).append(MenuLine(page, url(page), number))
        return Menu(
            self._headings,
            lines,
            unused,
            url_for(self._overview, **self._values(*about), _anchor="add"),
            [_todo(one, url(one), numbers, about) for one in tasks if numbers[one.how_many]],
            [_figure_line(one, numbers) for one in figures],
        )

    def _allowed(self, all_of_them: Iterable[Any], may: Container[str]) -> list[Any]:
        """Return those whose action the reader may do, and whose endpoint exists."""
        endpoints = current_app.view_functions
        mine = [one for one in all_of_them if (one.action or self._action) in may]
        return sorted((one for one in mine if one.endpoint in endpoints), key=lambda one: one.rank)


def _todo(rule: TodoRule, url: str, numbers: Mapping[Any, Any], about: tuple[Any, ...]) -> Todo:
    number, first = numbers[rule.how_many], numbers.get(rule.name)
    detail = rule.says(first, *about) if first else str(rule.hint)
    counted = None if isinstance(number, bool) else number
    return Todo(rule.words(number), detail, url, str(rule.verb), counted)


def _figure_line(one: AreaFigure, numbers: Mapping[Any, Any]) -> tuple[str, str, str]:
    detail = numbers.get(one.detail)
    return str(one.label), one.shows(numbers[one.number]), one.says(detail) if detail else ""


def _answers(
    pages: list[AreaPage], tasks: list[TodoRule], figures: list[AreaFigure], about: tuple[Any, ...]
) -> dict[Any, Any]:
    """Return the answer to each question, and the first moment of each task by its name.

    Everything from the database takes one statement.
    """
    asked = (
        *(question for page in pages for question in (page.is_in_use, page.number)),
        *(task.how_many for task in tasks),
        *(question for figure in figures for question in (figure.number, figure.detail)),
    )
    numbers: dict[Any, Any] = {one: one(*about) for one in dict.fromkeys(asked) if one is not None}
    for task in tasks:
        counted = numbers[task.how_many]
        if task.moments is not None and isinstance(counted, sa.ScalarSelect):
            rows: Any = counted.element
            first = rows.with_only_columns(sa.func.min(task.moments))
            numbers[task.name] = first.scalar_subquery()

    parts = {one: part for one, part in numbers.items() if isinstance(part, sa.ColumnElement)}
    if parts:
        row = db.session.execute(sa.select(*parts.values())).one()
        numbers |= zip(parts, row, strict=True)
    return numbers
