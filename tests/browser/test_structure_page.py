"""The page of one paper in a browser: its links, its script, and that it asks for nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from papers import MINUTES, make_pdf

from hwbtext.analyse import analyse
from hwbtext.corpus import CorpusFile
from hwbtext.show import read_structure, write_page

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

HOSTILE = "Members saw </script><img src=http://example.org/x onerror=alert(1)> in the plan."


class Page(HTMLParser):
    """What a page links to and asks for, and which of its elements are lit."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.asked: list[str] = []
        self.lit: list[str] = []
        self.unnamed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            self.links.append(found["href"])
        if "on" in found.get("class", "").split():
            self.lit.append(found.get("id", ""))
        if tag == "img" and not found.get("alt"):
            self.unnamed.append(tag)
        self.asked += [found[name] for name in ("src", "srcset", "action") if name in found]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("structure")
    paper = folder / "minutes.pdf"
    paper.write_bytes(make_pdf([*MINUTES, "", HOSTILE], ["A second page."]))
    findings = analyse(CorpusFile(paper, paper.name))
    return write_page(read_structure(findings), paper, folder / "minutes.html").as_uri()


def dump(page: str, profile: Path) -> str:
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
    ]
    done = subprocess.run(
        [CHROMIUM, *flags, page], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def test_links_resolve_and_nothing_is_asked_for(address: str, tmp_path: Path) -> None:
    html = dump(address, tmp_path)
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert len(page.links) > 15
    assert {link[:1] for link in page.links} == {"#"}
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert len(page.asked) == 2
    assert all(re.match(r"data:image/(png|jpeg);base64,", link) for link in page.asked)
    assert page.unnamed == []
    assert set(re.findall(r"https?://[^\s\"'<>)\\]+", html)) <= {"http://example.org/x"}


def test_box_and_text_light_up_together(address: str, tmp_path: Path) -> None:
    assert Page(dump(address, tmp_path / "a")).lit == []
    assert sorted(Page(dump(f"{address}#b5", tmp_path / "b")).lit) == ["b5", "x5"]
    assert sorted(Page(dump(f"{address}#x6", tmp_path / "c")).lit) == ["b6", "x6"]


def driven(address: str, tmp_path: Path, script: str) -> str:
    """Return the page after a script has used it, as a person would."""
    page = tmp_path / "driven.html"
    with open(address.removeprefix("file://"), encoding="utf-8") as stream:
        html = stream.read()
    page.write_text(html.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    return dump(page.as_uri(), tmp_path / "profile")


def test_enter_goes_to_the_box_and_back(address: str, tmp_path: Path) -> None:
    note = "document.body.dataset.at{} = document.activeElement.id || 'text'"
    html = driven(
        address,
        tmp_path,
        f"document.querySelector('#b4 .n').click(); {note.format('A')};"
        f"document.querySelector('#x4 rect').dispatchEvent(new MouseEvent('click', "
        f"{{bubbles: true, cancelable: true}})); {note.format('B')};",
    )
    body = re.search(r"<body[^>]*>", html)
    assert body
    assert 'data-at-a="x4"' in body[0]
    assert 'data-at-b="text"' in body[0]
    assert sorted(Page(html).lit) == ["b4", "x4"]


def test_the_legend_hides_a_kind(address: str, tmp_path: Path) -> None:
    shown = (
        "const shown = () => [...document.querySelectorAll('main .k-heading')]"
        ".filter((each) => getComputedStyle(each).display !== 'none').length;"
    )
    html = driven(
        address,
        tmp_path,
        f"{shown} document.body.dataset.before = shown();"
        "document.getElementById('show-heading').click();"
        "document.body.dataset.after = shown();",
    )
    found = re.search(r'data-before="(\d+)" data-after="(\d+)"', html)
    assert found
    assert int(found[1]) > 0
    assert int(found[2]) == 0


def test_text_with_markup_in_it_stays_text(address: str, tmp_path: Path) -> None:
    html = dump(address, tmp_path)
    assert "&lt;/script&gt;&lt;img src=http://example.org/x onerror=alert(1)&gt;" in html
    assert "default-src 'none'" in html
