"""The template environment of every HTML page: escaped, strict, and clean of control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Callable


def page_environment(package: str, clean: Callable[[str], str]) -> Environment:
    """Return an environment for the templates of a package.

    Parameters
    ----------
    package : str
        Its folder ``templates`` holds them.
    clean : callable
        Takes every text on its way into a page, and gives it without what could steer a browser.
    """

    def finalize(value: object) -> object:
        # Exactly str: Markup is a subclass, and has been made from text that was clean.
        return clean(value) if type(value) is str else value

    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
