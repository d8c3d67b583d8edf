"""Routes to upload and delete a picture: of an event, a group, a speaker, or oneself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from .errors import UserError
from .permissions import actor
from .submit import submitted
from .uploads import uploads


@dataclass(frozen=True, kw_only=True)
class PictureRoutes:
    """What differs between the owners of pictures."""

    #: the permission decorator: `permission("event:edit")`
    guard: Callable[[Any], Any]
    #: loads the owner by the URL's parameters, again before an error page; raises NotFound and
    #: Forbidden
    load: Callable[..., Any]
    #: the form, with a field `picture`
    form: Callable[[], Any]
    #: rules: `put(owner, by, content)`, `remove(owner, by)`
    put: Callable[[Any, Any, bytes], None]
    remove: Callable[[Any, Any], None]
    #: renders the page with a refused form: owner, form, status
    page: Callable[[Any, Any, int], ResponseReturnValue]
    #: the URL of the next page: owner
    to: Callable[[Any], str]
    added: Any
    removed: Any

    def mount(
        self, bp: Blueprint, path: str = "", create: str = "create", delete: str = "delete"
    ) -> None:
        """Add both routes to the blueprint, under these names."""

        @bp.post(path, endpoint=create)
        @self.guard
        @uploads(self._refused)
        def create_picture(**where: Any) -> ResponseReturnValue:
            """Upload a picture, replacing the previous one."""
            owner, form = self.load(**where), self.form()
            return submitted(
                form,
                lambda: self.put(owner, actor(), form.picture.content()),
                again=lambda refused: self.page(self.load(**where), form, refused.status),
                to=self.to(owner),
                flash=self.added,
            )

        @bp.post(f"{path}/removal", endpoint=delete)
        @self.guard
        def delete_picture(**where: Any) -> ResponseReturnValue:
            """Delete the picture."""
            owner = self.load(**where)
            return submitted(
                None,
                lambda: self.remove(owner, actor()),
                again=lambda refused: self._refused(refused, **where),
                to=self.to(owner),
                flash=self.removed,
            )

    def _refused(self, refused: UserError, **where: Any) -> ResponseReturnValue:
        form = self.form()
        return self.page(self.load(**where), form.refuse(refused), refused.status)
