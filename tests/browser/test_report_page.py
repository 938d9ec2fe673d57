"""The report in a browser: its links, its script, and that it asks for nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from reported import invent, write

from hwbtext.records import RunReport
from hwbtext.report import write_report
from hwbtext.report.topic_files import write_topic_files
from hwbtext.store import SCHEMAS, write_table

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

# The first has a character outside the Basic Multilingual Plane before the mention: offsets
# count characters, and a script that counts UTF-16 units would mark the wrong place.
TEXTS = (
    "\U0001f600 Members heard that the Assistant Director would lead on the falls plan.",
    "RESOLVED - That the plan be noted. </script><img src=http://example.org/x onerror=alert(1)>",
)
MENTION = "the Assistant Director would lead"


class Links(HTMLParser):
    """What a page links to and asks for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.asked: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name in {"src", "srcset", "poster", "action", "background"}:
                self.asked.append(value or "")


def small_run(folder: Path) -> Path:
    base: dict[str, Any] = {
        "doc_id": "00aa",
        "site_id": "X1",
        "meeting_date": date(2022, 3, 1),
        "year": 2022,
        "doc_kind": "minutes",
    }
    passages, labels = [], []
    at = 0
    for number, text in enumerate(TEXTS, start=1):
        place = {"start": at, "end": at + len(text), "page": number + 2}
        ids = {**base, "passage_id": f"00aa:{at}-{at + len(text)}", **place}
        item = {"item_number": str(number), "item_title": "Falls"}
        passages.append({**ids, **item, "text": text, "fragment": False})
        label = {"scheme": "outcome", "annotator": "outcome-lexicon@1", "subtype": "process.note"}
        labels.append({**ids, **label, "value": "process"})
        at += len(text) + 1
    start = TEXTS[0].index(MENTION)
    found = {"start": start, "end": start + len(MENTION), "text": MENTION, "in_title": False}
    mention = {"category": "ownership", "polarity": "affirmed"}
    cell = {"n": 2, "n_total": 2, "n_documents": 1, "share": 1.0}
    document = {"paths": ["west/march.pdf"], "status": "success", "site": "Ashmere", "n_pages": 4}
    tables: dict[str, list[dict[str, Any]]] = {
        "documents": [{**base, **document}],
        "passages": passages,
        "labels": labels,
        "mentions": [{**passages[0], **found, **mention}],
        "panel": [{"site_id": "X1", "year": 2022, "measure": "outcome:process", **cell}],
    }
    for name, schema in SCHEMAS.items():
        rows = [{k: v for k, v in row.items() if k in schema.names} for row in tables.get(name, [])]
        write_table(rows, name, folder)
    return write_report(folder, RunReport(1, 1, 0, 0, 0, 0, {"hwbtext": "0"}))


def dump(page: str, profile: Path, *more: str) -> str:
    """Return the page as it stands after its script has run."""
    assert CHROMIUM
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={profile}",
        "--dump-dom",
        *more,
    ]
    done = subprocess.run(
        [CHROMIUM, *flags, page], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return small_run(tmp_path_factory.mktemp("run")).as_uri()


def anchor_of(html: str, title: str) -> str:
    found = re.search(rf'<details id="(e\d+)"><summary>{title} <small>', html)
    assert found
    return found[1]


def test_links_resolve_and_nothing_is_asked_for(address: str, tmp_path: Path) -> None:
    html = dump(address, tmp_path)
    page = Links(html)
    assert len(page.ids) == len(set(page.ids))
    assert len(page.links) > 15
    assert {link[:1] for link in page.links} == {"#"}
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert page.asked == []
    assert not page.tags & {"link", "iframe", "img", "object", "embed", "base"}
    # A namespace is a name, not an address; what a passage says is not asked for either.
    assert set(re.findall(r"https?://[^\s\"'<>)\\]+", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://example.org/x",
    }


def test_a_number_opens_the_passages_behind_it(address: str, tmp_path: Path) -> None:
    anchor = anchor_of(dump(address, tmp_path / "a"), "Ownership, affirmed")
    html = dump(f"{address}#{anchor}", tmp_path / "b")
    opened = html.split(f'<details id="{anchor}"')[1].split("</details>")[0]
    assert 'open=""' in opened.split(">")[0]
    assert "west/march.pdf" in opened
    assert "page 3" in opened
    assert "item 1 Falls" in opened
    assert f"<mark>{MENTION}</mark>" in opened
    assert "<blockquote>\U0001f600 Members heard" in opened


def test_a_passage_with_markup_in_it_stays_text(address: str, tmp_path: Path) -> None:
    anchor = anchor_of(dump(address, tmp_path / "a"), "Outcome process")
    html = dump(f"{address}#{anchor}", tmp_path / "b")
    opened = html.split(f'<details id="{anchor}"')[1].split("</details>")[0]
    assert "&lt;/script&gt;&lt;img src=http://example.org/x onerror=alert(1)&gt;" in opened
    assert "img" not in Links(html).tags


@pytest.fixture(scope="module")
def topics_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("topics")
    write(folder, invent())
    return write_topic_files(folder, "Not measured.") / "cards.html"


def test_a_passage_of_a_topic_card_leads_to_its_evidence(topics_page: Path, tmp_path: Path) -> None:
    html = dump(topics_page.as_uri(), tmp_path / "a")
    card = html.split('id="topic-0"')[1].split("</li>")[0]
    anchors = re.findall(r'<footer><a href="#(e\d+)"><bdi>', card)
    assert len(anchors) == 3
    opened = dump(f"{topics_page.as_uri()}#{anchors[0]}", tmp_path / "b")
    details = opened.split(f'<details id="{anchors[0]}"')[1].split("</details>")[0]
    assert details.count("<blockquote>") == 1
    assert ".pdf" in details


@pytest.mark.parametrize("width", [500, 1400])
def test_wide_charts_and_tables_scroll_by_themselves(
    topics_page: Path, tmp_path: Path, width: int
) -> None:
    html = topics_page.read_text(encoding="utf-8")
    opened = html.replace('<details class="fold">', '<details class="fold" open>')
    measure = "document.title = [document.documentElement.scrollWidth, innerWidth].join()"
    page = tmp_path / "page.html"
    page.write_text(opened.replace("</body>", f"<script>{measure}</script></body>"))
    found = re.search(
        r"<title>(\d+),(\d+)</title>",
        dump(page.as_uri(), tmp_path / "profile", f"--window-size={width},900"),
    )
    assert found
    assert int(found[1]) <= int(found[2])
