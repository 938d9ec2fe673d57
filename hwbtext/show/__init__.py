"""Show the structure of one paper: in the terminal, as JSON, and drawn over its pages.

Everything here takes findings and returns text or renderables; :func:`write_page` alone
writes a file. rich, Jinja and pypdfium2 load when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.show.as_json import to_json
from hwbtext.show.structure import Structure, read_structure

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MOST_PAGES", "Structure", "check_target", "read_structure", "to_json", "write_page"]

MOST_PAGES = 50
"""Pages that are drawn where none are named: the file stays one that can be mailed."""


def check_target(out: Path, paper: Path) -> None:
    """Refuse a name for the page that would write over something else.

    Raises
    ------
    InputError
        The name does not end in ``.html``, or is that of the paper.
    OutputExistsError
        A file of that name is there that this room has not written.
    """
    from hwbtext.show.target import check

    check(out, paper)


def write_page(structure: Structure, paper: Path, out: Path) -> Path:
    """Draw the blocks of a paper over pictures of its pages, as one HTML file.

    The page holds everything it shows: no script, font or picture comes from elsewhere. The
    same paper gives the same bytes.

    Parameters
    ----------
    structure : Structure
    paper : Path
        The file that it was read from; a PDF is opened again for its pictures.
    out : Path
        Where to write.

    Returns
    -------
    Path
        ``out``.
    """
    from hwbtext.show.page import render
    from hwbtext.show.pictures import draw_pages

    pictures = draw_pages(paper, structure.pages) if structure.pages else {}
    page = render(structure, pictures)
    # A reader never sees half a page: written beside, then renamed.
    part = out.with_name(out.name + ".part")
    part.write_text(page, encoding="utf-8", newline="\n")
    part.replace(out)
    return out
