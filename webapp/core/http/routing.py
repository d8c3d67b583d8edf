"""Routes that learn to build their addresses when one is first wanted: to prepare all was most
of making an application.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class Route(Rule):
    """As Werkzeug's rule, but for when it compiles what builds its addresses."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """Gives what compiles the builder as it is first called, and takes its own place by it."""
        name, compiled = "_build_unknown" if append_unknown else "_build", super()._compile_builder

        def build(route: Any, /, **values: Any) -> tuple[str, str]:
            builder = compiled(append_unknown).__get__(route, None)
            setattr(route, name, builder)
            return builder(**values)

        return build
