"""Which lines share a run of words with the text of real papers.

A word is a run of letters and digits, lower case; punctuation, hyphens and line ends part
words and count for nothing, so a copied sentence is found however its line was broken.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hwbtext.parse import is_paper, parse

RUN = 13
"""A run of more than twelve words."""

_WORD = re.compile(r"[^\W_]+")


@dataclass
class Overlap:
    """What a check found. ``lines`` are the numbers of the lines that share a run, from 0."""

    lines: set[int] = field(default_factory=set)
    n_words: int = 0
    files: Counter[str] = field(default_factory=Counter)
    without_text: Counter[str] = field(default_factory=Counter)


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", ""))


def runs(text: str, length: int = RUN) -> Iterator[tuple[str, ...]]:
    """Yield each run of ``length`` words of a text; none where it has fewer words."""
    said = words(text)
    for start in range(len(said) - length + 1):
        yield tuple(said[start : start + length])


def shared(lines: Sequence[str], texts: Iterable[str], length: int = RUN) -> set[int]:
    """Return the numbers of the ``lines`` that share a run with any of ``texts``."""
    return _find(_index(lines, length), texts, length)[0]


def check(lines: Sequence[str], real: Path, length: int = RUN) -> Overlap:
    """Check ``lines`` against every file below ``real``.

    Papers are read by ``hwbtext.parse``; those that are text by themselves (md, txt, html,
    json, csv) also as they stand, so that nothing a parser leaves out goes unseen.
    """
    index = _index(lines, length)
    found = Overlap()
    for path in sorted(p for p in real.rglob("*") if p.is_file()):
        kind = path.suffix.lower().lstrip(".")
        hits, n_words = _find(index, _texts(path), length)
        found.lines |= hits
        found.n_words += n_words
        found.files[kind] += 1
        found.without_text[kind] += n_words == 0
    return found


def _index(lines: Sequence[str], length: int) -> dict[tuple[str, ...], set[int]]:
    index: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        for run in runs(line, length):
            index[run].add(number)
    return index


def _find(
    index: dict[tuple[str, ...], set[int]], texts: Iterable[str], length: int
) -> tuple[set[int], int]:
    found: set[int] = set()
    n_words = 0
    for text in texts:
        said = words(text)
        n_words += len(said)
        for start in range(len(said) - length + 1):
            found |= index.get(tuple(said[start : start + length]), set())
    return found, n_words


def _texts(path: Path) -> Iterator[str]:
    kind = path.suffix.lower()
    if is_paper(path):
        yield parse(path).text
    if kind in (".md", ".txt", ".html", ".htm", ".csv", ".json", ".jsonl"):
        text = path.read_text(encoding="utf-8", errors="replace")
        if kind in (".json", ".jsonl"):
            # Escapes parted by \u would hide words: each string as it reads.
            yield from _strings(text, lines=kind == ".jsonl")
        elif kind == ".csv":
            yield from (" ".join(row) for row in csv.reader(text.splitlines()))
        else:
            yield text


def _strings(text: str, *, lines: bool) -> Iterator[str]:
    left: list[object] = [json.loads(line) for line in text.splitlines()] if lines else []
    if not lines:
        left.append(json.loads(text))
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
