"""The sample corpus of invented papers, and the source texts it is rendered from."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import io
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType

import pytest

pypdf = pytest.importorskip("pypdf")
for _needed in ("docx", "PIL", "pypdfium2", "reportlab"):
    pytest.importorskip(_needed)

CORPORA = Path(__file__).resolve().parents[2] / "corpora"
SAMPLE = CORPORA / "sample"
SOURCE = CORPORA / "sample_source"
YEARS = set(range(2017, 2023))
KINDS = {"agenda", "minutes", "paper", "pack", "strategy", "needs_assessment", "other"}

# The only sentences, and openings of resolutions, that may stand in more than three papers.
STANDING_FORMULAE = {
    "There were no declarations of interest.",
    "No declarations of interest were made.",
    "RESOLVED – That",
    "RESOLVED that:",
    "Resolved:",
    "It was AGREED:",
    "The Board:-",
}


def _load_render() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_render", SOURCE / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


render = _load_render()
PAPERS = render.read_papers()
STYLES = render.read_styles()


def _the_paper_with(key: str) -> Path:
    [paper] = [paper for paper in PAPERS if key in paper.head]
    return SAMPLE / str(paper.path)


def test_there_are_enough_papers_and_words() -> None:
    words = sum(
        len(" ".join([block.text, *(cell for row in block.rows for cell in row)]).split())
        for paper in PAPERS
        for block in paper.blocks
    )
    assert len(PAPERS) >= 50
    assert words >= 40_000


def test_every_format_and_the_main_kinds_are_there() -> None:
    endings = Counter(Path(paper.path).suffix for paper in PAPERS)
    kinds = Counter(paper.head["kind"] for paper in PAPERS)
    assert set(endings) == {".pdf", ".docx", ".html", ".txt", ".md"}
    assert endings[".pdf"] > len(PAPERS) / 2
    assert set(kinds) <= KINDS
    assert kinds["minutes"] > len(PAPERS) / 2
    assert kinds["strategy"] >= 2
    assert {"agenda", "paper"} <= set(kinds)


def test_five_councils_and_six_years() -> None:
    papers: Counter[str] = Counter(paper.head["site"] for paper in PAPERS)
    years: defaultdict[str, set[int]] = defaultdict(set)
    for paper in PAPERS:
        if "meeting_date" in paper.head:
            years[paper.head["site"]].add(paper.head["meeting_date"].year)
    assert len(papers) == 5
    assert set().union(*years.values()) == YEARS
    assert all(papers[site] >= 5 and len(years[site]) >= 4 for site in papers)


def test_two_councils_have_two_minutes_in_every_year() -> None:
    meetings: defaultdict[tuple[str, int], set[dt.date]] = defaultdict(set)
    for paper in PAPERS:
        if paper.head["kind"] == "minutes":
            day = paper.head["meeting_date"]
            meetings[paper.head["site"], day.year].add(day)
    for site in ("Aldermarsh County Council", "Borough of Thornley Vale"):
        assert all(len(meetings[site, year]) >= 2 for year in YEARS), site


def test_no_sentence_is_overworked() -> None:
    where: defaultdict[str, set[str]] = defaultdict(set)
    for paper in PAPERS:
        for block in paper.blocks:
            if block.kind in {"paragraph", "decision", "bullet"}:
                for sentence in re.split(r"(?<=[.!?])\s+", block.text.replace("**", "")):
                    where[sentence.strip()].add(paper.path)
    overworked = {sentence for sentence, papers in where.items() if len(papers) > 3}
    assert overworked <= STANDING_FORMULAE


def test_weekdays_fit_their_dates() -> None:
    pattern = re.compile(r"([A-Z][a-z]+day),? (\d+)(?:st|nd|rd|th)? ([A-Z][a-z]+),? (\d{4})")
    wrong = [
        " ".join(found)
        for source in SOURCE.glob("*.md")
        for found in pattern.findall(source.read_text(encoding="utf-8"))
        if f"{dt.datetime.strptime(' '.join(found[1:]), '%d %B %Y').replace(tzinfo=dt.UTC):%A}"
        != found[0]
    ]
    assert wrong == []


def test_the_folder_holds_what_the_sources_say_and_nothing_else() -> None:
    held = {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file()}
    assert held == {paper.path for paper in PAPERS} | {"metadata.csv"}


def test_committed_metadata_and_texts_match_the_sources() -> None:
    assert (SAMPLE / "metadata.csv").read_text(encoding="utf-8") == render.metadata(PAPERS)
    for paper in PAPERS:
        if paper.path.endswith((".html", ".txt", ".md")):
            assert (SAMPLE / paper.path).read_bytes() == render.render(paper, STYLES), paper.path


def test_committed_pdfs_match_the_sources() -> None:
    for paper in PAPERS:
        if paper.path.endswith(".pdf") and "scan_seed" not in paper.head:
            password = paper.head.get("password")
            fresh = io.BytesIO(render.render(paper, STYLES))
            kept, again = (
                [page.extract_text() for page in pypdf.PdfReader(pdf, password=password).pages]
                for pdf in (SAMPLE / paper.path, fresh)
            )
            assert kept == again, paper.path


@pytest.mark.parametrize("ending", [".pdf", ".docx"])
def test_rendering_twice_gives_the_same_bytes(ending: str) -> None:
    paper = next(paper for paper in PAPERS if paper.path.endswith(ending))
    assert render.render(paper, STYLES) == render.render(paper, STYLES)


def test_metadata_has_its_header_and_points_at_papers() -> None:
    with (SAMPLE / "metadata.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = list(reader)
    header = "path,site_id,site,committee,kind,meeting_date,published_with_date,title"
    assert ",".join(reader.fieldnames or ()) == header
    assert 0 < len(rows) < len(PAPERS) / 2
    assert all((SAMPLE / row["path"]).is_file() and row["kind"] in KINDS for row in rows)


def test_the_encrypted_paper_asks_for_a_password() -> None:
    reader = pypdf.PdfReader(_the_paper_with("password"))
    assert reader.is_encrypted
    assert reader.decrypt("") == pypdf.PasswordType.NOT_DECRYPTED
    with pytest.raises(pypdf.errors.FileNotDecryptedError):
        reader.pages[0].extract_text()


def test_the_scan_has_no_text() -> None:
    pages = pypdf.PdfReader(_the_paper_with("scan_seed")).pages
    assert len(pages) > 1
    assert all(page.extract_text().strip() == "" and len(page.images) == 1 for page in pages)


def test_the_councils_are_invented() -> None:
    sites = CORPORA / "sites.csv"
    if not sites.exists():
        pytest.skip("no list of real councils to compare with")
    with sites.open(encoding="utf-8", newline="") as stream:
        real = {row["name"].casefold() for row in csv.DictReader(stream)}
    assert not real & {paper.head["site"].casefold() for paper in PAPERS}
