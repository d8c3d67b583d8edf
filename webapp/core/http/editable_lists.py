"""Routes of a list that people edit on its own page, such as an event's questions, rooms or shifts.

The module of the page declares an `EditableList` and mounts it. The feature's rules do the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ..db import idempotency
from ..storage import pictures
from .errors import UserError
from .forms import Form, Versioned
from .permissions import actor, opens
from .submit import page_with, submitted
from .uploads import pictured_once, uploads


@dataclass(frozen=True, kw_only=True)
class EditableList:
    """What differs between such lists. The owner has a slug: an event or a group.

    `rules` is a module with `with_id(owner, id)`, `add(owner, by, id, **values)`, `change(owner,
    row, by, **values)`, `remove(owner, row, by)` and, for ordered rows, `move_up(owner, row, by)`.
    `change` also takes the `version` of a versioned form.
    """

    #: such as "room": in URLs (`<uuid:room_id>`) and in docs/routes.md
    noun: str
    model: type[Any]
    rules: Any

    #: `form(owner)` for a new row, `form(owner, row)` to edit a row
    form: Callable[..., Form]
    #: the form that changes a row, if it depends on the row
    sent_form: Callable[[Any, Any], Form] | None = None
    #: the kind of the picture in the form's fields `picture` and `remove_picture`, if it has them:
    #: `add` and `change` then take a `picture`, and `change` also `remove_picture`
    picture: pictures.PictureKind | None = None
    #: the limit on creating and changing rows
    limit: Callable[[Any], Any] | None = None

    #: renders the list: owner, form for a new row, status
    list_page: Callable[..., ResponseReturnValue]
    #: renders the page for a refused button; by default the list, with the message at its form
    refused_page: Callable[[Any, UserError], ResponseReturnValue] | None = None
    #: renders the page of one row: owner, row, form, status
    row_page: Callable[..., ResponseReturnValue]
    #: renders the page that confirms a removal, if there is one
    removal_page: Callable[[Any, Any], ResponseReturnValue] | None = None

    added: Any
    changed: Any = _l("Saved.")
    removed: Any

    def mount(
        self,
        bp: Blueprint,
        action: str,
        load: Callable[[Any, str, str], Any],
        path: str = "",
        suffix: str = "",
    ) -> None:
        """Add all routes of the list to the blueprint.

        `action` is the permission, such as "event:edit". `load(user, action, slug)` is the door to
        the owner. `suffix` is appended to endpoint names if the page
        has two lists; such a page has its own `index` route.
        """

        def add_route(
            route: Any,
            view: Callable[..., ResponseReturnValue],
            of_row: bool = False,
            saves: bool = False,
        ) -> None:
            @wraps(view)
            def routed(*found: Any) -> ResponseReturnValue:
                return view(*found)

            routed.__doc__ = (view.__doc__ or "").format(noun=self.noun)
            opener = opens(load, action, self.rules.with_id if of_row else None)
            route(opener(self._with_limits(routed) if saves else routed))

        row = f"{path}/<uuid:{self.noun}_id>"
        if not suffix:
            add_route(bp.get(path, endpoint="index"), self.index)
        add_route(bp.post(path, endpoint=f"create{suffix}"), self.create, saves=True)
        add_route(bp.get(row, endpoint=f"edit{suffix}"), self.edit, of_row=True)
        add_route(bp.post(row, endpoint=f"update{suffix}"), self.update, of_row=True, saves=True)
        add_route(bp.post(f"{row}/removal", endpoint=f"delete{suffix}"), self.delete, of_row=True)
        if self.removal_page is not None:
            add_route(bp.get(f"{row}/removal", endpoint="removal"), self.removal, of_row=True)
        if hasattr(self.rules, "move_up"):
            add_route(bp.post(f"{row}/rise", endpoint="move_up"), self.move_up, of_row=True)

    def _with_limits(self, view: Any) -> Any:
        """Return the view with the list's rate limit and, if its form has a picture, the size
        limit of uploads.
        """
        limited = self.limit(view) if self.limit else view
        if self.picture is None:
            return limited

        def too_large(refused: UserError, owner: Any, *rows: Any) -> ResponseReturnValue:
            page = self.row_page if rows else self.list_page
            return page(owner, *rows, self.form(owner, *rows).refuse(refused), refused.status)

        return uploads(too_large, beside=True)(limited)

    def index(self, owner: Any) -> ResponseReturnValue:
        """List every {noun}, with the form to add one."""
        return self.list_page(owner, self.form(owner), 200)

    def create(self, owner: Any) -> ResponseReturnValue:
        """Create a {noun}."""
        form: Any = self.form(owner)
        return submitted(
            form,
            lambda: self._add(owner, form),
            again=page_with(self.list_page, form),
            to=url_for(".index", slug=owner.slug),
            flash=self.added,
        )

    def edit(self, owner: Any, row: Any) -> ResponseReturnValue:
        """Show the form to edit a {noun}."""
        return self.row_page(owner, row, self.form(owner, row), 200)

    def update(self, owner: Any, row: Any) -> ResponseReturnValue:
        """Change the {noun}."""
        form: Any = self.sent_form(owner, row) if self.sent_form else self.form(owner)
        return submitted(
            form,
            lambda: self._change(owner, row, form),
            again=page_with(self.row_page, form),
            to=url_for(".index", slug=owner.slug),
            flash=self.changed,
        )

    def _add(self, owner: Any, form: Any) -> None:
        def make(id: UUID, **picture: UUID | None) -> Any:
            return self.rules.add(owner, by=actor(), id=id, **picture, **form.values())

        if self.picture is None:
            idempotency.create_once(self.model, actor(), make)
            return
        content = form.picture.content_if_sent()
        pictured_once(
            self.model, actor(), self.picture, content, lambda id, sent: make(id, picture=sent)
        )

    def _change(self, owner: Any, row: Any, form: Any) -> None:
        version = {"version": form.seen_version} if isinstance(form, Versioned) else {}
        change = partial(self.rules.change, owner, row, by=actor(), **version, **form.values())
        if self.picture is None:
            change()
            return
        with pictures.kept(self.picture, form.picture.content_if_sent()) as picture:
            change(picture=picture, remove_picture=form.remove_picture.data)

    def removal(self, owner: Any, row: Any) -> ResponseReturnValue:
        """Confirm deleting the {noun}."""
        assert self.removal_page is not None
        return self.removal_page(owner, row)

    def delete(self, owner: Any, row: Any) -> ResponseReturnValue:
        """Delete the {noun}."""
        return self._pressed(owner, row, self.rules.remove, self.removed)

    def move_up(self, owner: Any, row: Any) -> ResponseReturnValue:
        """Move the {noun} up."""
        return self._pressed(owner, row, self.rules.move_up)

    def _pressed(
        self, owner: Any, row: Any, rule: Callable[..., None], flash: Any = ""
    ) -> ResponseReturnValue:
        def again(refused: UserError, owner: Any, _row: Any) -> ResponseReturnValue:
            if self.refused_page is not None:
                return self.refused_page(owner, refused)
            return self.list_page(owner, self.form(owner).refuse(refused), refused.status)

        return submitted(
            None,
            lambda: rule(owner, row, by=actor()),
            again,
            to=url_for(".index", slug=owner.slug),
            flash=flash,
        )
