"""Titles that only bold sets off: in Markdown, most clerks' headings are no more than that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BOLD = 6
"""Level of a heading that bold makes: below all that are marked as headings."""

_FEWEST_LETTERS = 3
_MOST_TITLE = 14  # words
# Bold that is no title: what opens a decision or a list of people, a person, a bullet.
_IS_LABEL = re.compile(
    r"\W*(?:(?:also\s+)?(?:present|absent|attend\w+|in\s+attendance|outcomes?|resol\w+|agreed|"
    r"decisions?|actions?|proposed|proposer|seconded|seconder|date(?!s?\s+of)|time|venue|location|"
    r"distribution)\b|"
    r"(?:mr|mrs|ms|miss|dr|cllrs?|councillors?)\b)|\s*[•●▪*+-]\s",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\b(?:was|were|is|are|has|have|had|will|would|agreed|resolved|should|must)\b")


def is_title(text: str) -> bool:
    """Return whether words in bold can be a title: short, and neither a label nor a sentence.

    Examples
    --------
    >>> is_title("4. Roads and paths"), is_title("Present:"), is_title("The fence was mended.")
    (True, False, False)
    """
    if sum(character.isalpha() for character in text) < _FEWEST_LETTERS:
        return False
    return n_words(text) <= _MOST_TITLE and not _IS_LABEL.match(text) and not _TELLS.search(text)


def parted_lines(pieces: Iterable[tuple[str, bool]], mark: str = "") -> Iterator[tuple[str, bool]]:
    r"""Yield the lines of a paragraph, and whether the print of each makes it a heading.

    Parameters
    ----------
    pieces : iterable of (str, bool)
        Runs of text, and whether each is set in bold; a line feed ends a line.
    mark : str
        The number that a list prints before the paragraph.

    Yields
    ------
    (str, bool)
        A short line in bold is a heading, and so is the title in bold that a line opens with: it
        is set on a line of its own. Bold in front of small letters is stress.

    Examples
    --------
    >>> list(parted_lines([("Roads:", True), (" The lane was closed.", False)]))
    [('Roads: ', True), ('The lane was closed.', False)]
    >>> list(parted_lines([("All", True), (" were in favour.", False)]))
    [('All were in favour.', False)]
    """
    text, bold = mark, [True] * len(mark)
    for piece, is_bold in pieces:
        text += piece
        bold += [is_bold or not character.isalnum() for character in piece]
    start = 0
    for line in text.split("\n"):
        marks = bold[start : start + len(line)]
        start += len(line) + 1
        end = marks.index(False) if False in marks else len(line)
        lead = line[:end]
        if end < len(line) and line[end].islower():
            # Bold may reach into what was said: "**Planning: M**rs Ash".
            stop = max(lead.rfind(sign) for sign in ":.-–") + 1
            lead = line[: stop if line[stop : stop + 1].isspace() else 0]
        if is_title(lead):
            yield lead, True
            yield line[len(lead) :], False
        else:
            yield line, False
