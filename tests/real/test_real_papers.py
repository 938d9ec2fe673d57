"""The promises of the main job on real papers, where they are at hand.

The papers lie outside the repository and none of their text is in it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from papers import SHARED_REAL

from hwbtext.frontpage import describe
from hwbtext.parse import is_paper, parse_file
from hwbtext.passages import segment
from hwbtext.records import Status

_MOST_BYTES = 1_500_000  # the large ones are for the benchmarks


def _pick(folder: str, n: int) -> list[Path]:
    """Return n papers of a folder in an order that no name can steer."""
    root = SHARED_REAL / folder
    papers = [p for p in root.rglob("*") if is_paper(p) and p.stat().st_size < _MOST_BYTES]
    return sorted(papers, key=lambda p: hashlib.sha256(p.name.encode()).digest())[:n]


PAPERS = [
    path
    for folder, n in (
        ("kent-cc", 12),
        ("milburn-parish", 8),
        ("north-of-tyne-lpc", 5),
        ("norfolk-village-councils", 10),
        ("west-sussex-jsna", 4),
        ("leeds-nhs", 2),
        ("kingston-moderngov", 3),
        ("openlylocal-fixtures", 2),
    )
    for path in _pick(folder, n)
] or [None]


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name if path else "none")
def test_every_passage_stands_in_its_document(path: Path | None, real_papers: Path) -> None:
    assert path is not None
    document = parse_file(path, path.relative_to(real_papers).as_posix())
    text = document.text
    assert "".join(text[p.span.start : p.span.end] for p in document.pages) == text
    passages = segment(document)
    at = 0
    for passage in passages:
        assert text[passage.span.start : passage.span.end] == passage.text
        assert passage.span.start >= at
        at = passage.span.end
        if document.source.media_type == "application/pdf":
            assert passage.page is not None
            assert passage.regions
    if document.status is Status.FAILED:
        assert document.issues
    else:
        assert passages
    describe(document, document.source.path)


def test_all_minutes_of_kent_are_dated_by_their_text(real_papers: Path) -> None:
    minutes = [p for p in sorted((real_papers / "kent-cc").rglob("*.pdf")) if "inutes" in p.name]
    assert len(minutes) == 11
    own = 0
    for path in minutes:
        document = parse_file(path, path.name)
        flat, _ = describe(document, f"{document.doc_id}.pdf")
        assert flat.kind == "minutes", path.name
        assert flat.meeting_date is not None, path.name
        facts, _ = describe(document, path.relative_to(real_papers).as_posix())
        assert facts.meeting_date == flat.meeting_date
        assert facts.published_with_date is not None
        own += facts.meeting_date == facts.published_with_date
    assert own == 4  # of the folder's own meeting; the others are of earlier ones
