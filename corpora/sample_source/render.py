"""Render the sample corpus from its plain source texts.

    python corpora/sample_source/render.py [--out DIR]

Each source text is a ``.md`` file: a TOML head between two ``+++`` lines, then a light markup
in which a line starting with a mark begins a new block and other lines carry it on:

    ``# ``   title line            ``## ``  item heading        ``### `` sub-heading
    ``> ``   line of a decision    ``- ``   bullet              ``@ ``   centred line
    ``| ``   table row; a row of dashes under the first row makes that row a header and its
             dashes give the columns their relative widths
    ``**x**`` bold

The ending of ``path`` in the head chooses the format (pdf, docx, html, txt or md), ``style`` a
house style of ``styles.toml``. A ``password`` makes an encrypted PDF, a ``scan_seed`` one of
pictures only. ``tell`` lists the keys given away in ``metadata.csv``; the rest is left to be
inferred. The same sources and library versions give the same bytes.
"""

# mypy: disable-error-code="import-untyped"
from __future__ import annotations

import argparse
import csv
import datetime as dt
import html
import io
import random
import re
import textwrap
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pypdfium2 as pdfium
from docx.shared import Cm
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table

HERE = Path(__file__).resolve().parent
COLUMNS = ("path", "site_id", "site", "committee", "kind", "meeting_date", "published_with_date")
MARKS = {
    "# ": "title", "## ": "heading", "### ": "subheading",
    "> ": "decision", "- ": "bullet", "@ ": "centred", "|": "table",
}  # fmt: skip
BOLD = re.compile(r"\*\*(.+?)\*\*")
NUMBERED = re.compile(r"(HWB/\d+|\d+\.?)\s+(.*)")
FACES = {"Times": ("Times-Roman", "Times-Bold"), "Helvetica": ("Helvetica", "Helvetica-Bold")}
EPOCH = (2023, 1, 1, 0, 0, 0)
MARGIN = 2.2 * cm
Style = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """A block of a paper; widths are relative, and empty where a table has no header."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paper:
    """One source text: its head and its blocks."""

    head: dict[str, Any]
    blocks: tuple[Block, ...]

    @property
    def path(self) -> str:
        """Where the rendered file goes, relative to the corpus folder."""
        return str(self.head["path"])


def read_paper(source: Path) -> Paper:
    """Read one source text."""
    _, head, body = source.read_text(encoding="utf-8").split("+++\n", 2)
    return Paper(tomllib.loads(head), tuple(_parse(body)))


def read_papers() -> list[Paper]:
    """Read every source text beside this file, in order of their names."""
    return [read_paper(source) for source in sorted(HERE.glob("*.md"))]


def _parse(body: str) -> Iterator[Block]:
    kind = ""
    lines: list[str] = []
    for line in [*body.splitlines(), ""]:
        mark = next((mark for mark in MARKS if line.startswith(mark)), "")
        if lines and (not line.strip() or (mark and not mark == "|" == lines[0][0])):
            yield _block(kind, lines)
            lines = []
        if line.strip():
            kind = kind if lines else MARKS.get(mark, "paragraph")
            lines.append(line if mark == "|" else line.removeprefix(mark).strip())


def _block(kind: str, lines: list[str]) -> Block:
    if kind != "table":
        return Block(kind, " ".join(lines))
    rows = [tuple(cell.strip() for cell in line.strip()[1:-1].split("|")) for line in lines]
    if len(rows) > 1 and set("".join(rows[1])) == {"-"}:
        return Block(kind, "", (rows[0], *rows[2:]), tuple(len(cell) for cell in rows[1]))
    return Block(kind, "", tuple(rows))


def _rich(text: str, tag: str = "b") -> str:
    return BOLD.sub(rf"<{tag}>\1</{tag}>", html.escape(text, quote=False))


def _sheet(style: Style) -> dict[str, ParagraphStyle]:
    plain, bold = FACES[style["font"]]
    size, hang = style["size"], style["hang"]
    justify, centre = 4 * (style["align"] == "justify"), 1 * (style["title"] == "centre")
    look = {"fontName": plain, "fontSize": size, "leading": size * 1.25, "leftIndent": hang}
    look |= {"spaceAfter": size * 0.6, "bulletFontName": plain, "bulletFontSize": size}
    strong = {"fontName": bold, "keepWithNext": 1, "spaceBefore": size * 0.8}
    large = {"fontName": bold, "fontSize": size + 3, "leading": size * 1.6, "alignment": centre}
    changes: dict[str, dict[str, Any]] = {
        "paragraph": {"alignment": justify},
        "lead": {"leftIndent": 0},
        "title": large | {"leftIndent": 0},
        "heading": strong,
        "subheading": strong | {"leftIndent": 0},
        "decision": {"leftIndent": hang + 24},
        "bullet": {"leftIndent": hang + 14, "bulletIndent": hang + 2, "spaceAfter": size * 0.3},
        "centred": {"leftIndent": 0, "alignment": 1},
        "cell": {"leftIndent": 0, "fontSize": size - 1.5, "leading": size * 1.1, "spaceAfter": 0},
    }
    return {name: ParagraphStyle(name, **look | change) for name, change in changes.items()}


def _table(block: Block, cell_style: ParagraphStyle, width: float) -> Table:
    parts = block.widths or (1,) * (len(block.rows[0]) - 1) + (4,)
    look: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    rows = [[_rich(cell) for cell in row] for row in block.rows]
    if block.widths:
        rows[0] = [f"<b>{cell}</b>" for cell in rows[0]]
        look += [("GRID", (0, 0), (-1, -1), 0.6, colors.black)]
        look += [("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey)]
    cells = [[Paragraph(cell, cell_style) for cell in row] for row in rows]
    widths = [width * part / sum(parts) for part in parts]
    return Table(cells, widths, style=look, repeatRows=bool(block.widths), spaceAfter=10)


def _flow(paper: Paper, style: Style, width: float) -> Iterator[Flowable]:
    sheet, in_items = _sheet(style), False
    for block in paper.blocks:
        kind, text, mark = block.kind, block.text, None
        if style.get("curly"):
            text = re.sub(r'"(.*?)"', r"“\1”", text).replace("'", "’")
        if kind == "table":
            yield _table(block, sheet["cell"], width)
            continue
        if kind == "heading":
            in_items = True
            if style["hang"] and (parts := NUMBERED.fullmatch(text)):
                mark, text = parts.groups()
            text = text.upper() if style["caps"] else text
        elif kind == "paragraph" and not in_items:
            kind = "lead"
        yield Paragraph(_rich(text), sheet[kind], "•" if kind == "bullet" else mark)


def _furniture(paper: Paper, style: Style, pages: int) -> Callable[[Canvas, Any], None]:
    when = paper.head.get("meeting_date")
    date = f"{when.day} {when:%B} {when.year}" if when else ""

    def draw(canvas: Canvas, _: Any) -> None:
        page = canvas.getPageNumber()
        canvas.setFont(FACES[style["font"]][0], 8.5)
        for text, height in ((style["foot"], 1.3 * cm), (style["head"], A4[1] - 1.4 * cm)):
            if page == 1 and text == style["head"]:
                continue
            left, bar, right = text.format(date=date, page=page, pages=pages).partition("|")
            if bar:
                canvas.drawString(MARGIN, height, left)
                canvas.drawRightString(A4[0] - MARGIN, height, right)
            else:
                canvas.drawCentredString(A4[0] / 2, height, left)

    return draw


def _pdf_pass(paper: Paper, style: Style, pages: int) -> tuple[bytes, int]:
    columns, gap = style.get("columns", 1), 0.8 * cm
    width = (A4[0] - 2 * MARGIN - gap * (columns - 1)) / columns
    height = A4[1] - 2 * MARGIN
    lefts = [MARGIN + n * (width + gap) for n in range(columns)]
    frames = [Frame(left, MARGIN, width, height, 0, 0, 0, 0) for left in lefts]
    password = paper.head.get("password")
    lock = StandardEncryption(password, strength=128) if password else None
    buffer, title = io.BytesIO(), paper.head["title"]
    document = BaseDocTemplate(buffer, pagesize=A4, invariant=1, encrypt=lock, title=title)
    template = PageTemplate(frames=frames, onPage=_furniture(paper, style, pages))
    document.addPageTemplates(template)
    document.build(list(_flow(paper, style, width)))
    return buffer.getvalue(), document.page


def render_pdf(paper: Paper, style: Style) -> bytes:
    """Return ``paper`` as a PDF; in two passes, so that feet can name the number of pages."""
    _, pages = _pdf_pass(paper, style, 0)
    data, _ = _pdf_pass(paper, style, pages)
    return _scan(data, paper.head["scan_seed"]) if "scan_seed" in paper.head else data


def _scan(data: bytes, seed: int) -> bytes:
    """Turn a PDF into pictures of its pages: grey, speckled and a little askew."""
    chance = random.Random(seed)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in pdfium.PdfDocument(data):
        picture = page.render(scale=2).to_pil().convert("L")
        picture = picture.rotate(chance.uniform(0.4, 0.9), Image.Resampling.BICUBIC, fillcolor=250)
        speckles = chance.randbytes(picture.width * picture.height)
        noise = Image.frombytes("L", picture.size, speckles)
        jpeg = io.BytesIO()
        Image.blend(picture, noise, 0.07).save(jpeg, "JPEG", quality=45)
        canvas.drawImage(ImageReader(io.BytesIO(jpeg.getvalue())), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def render_docx(paper: Paper) -> bytes:
    """Return ``paper`` as a word-processor file in which every date is fixed."""
    document = docx.Document()
    facts = document.core_properties
    facts.title, facts.author = paper.head["title"], paper.head["site"]
    facts.created = facts.modified = dt.datetime(*EPOCH, tzinfo=dt.UTC)
    names = {"title": "Title", "heading": "Heading 2", "bullet": "List Bullet"}
    for block in paper.blocks:
        if block.kind == "table":
            table = document.add_table(0, len(block.rows[0]), style="Table Grid")
            for texts in block.rows:
                for cell, text in zip(table.add_row().cells, texts, strict=True):
                    cell.text = text
            document.add_paragraph()
            continue
        paragraph = document.add_paragraph(style=names.get(block.kind, "Normal"))
        for index, run in enumerate(BOLD.split(block.text)):
            paragraph.add_run(run).bold = index % 2 == 1 or None
        if block.kind == "decision":
            paragraph.paragraph_format.left_indent = Cm(1.2)
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(fixed, "w") as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            after.writestr(entry, before.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def render_html(paper: Paper) -> bytes:
    """Return ``paper`` as a page of a committee site, with its navigation and foot."""
    tags = {"title": "h1", "heading": "h2", "decision": "blockquote", "table": "table"}
    body: list[str] = []
    for block in paper.blocks:
        tag = tags.get(block.kind, "p")
        cells = ("".join(f"<td>{_rich(cell)}</td>" for cell in row) for row in block.rows)
        inside = "".join(f"<tr>{row}</tr>" for row in cells) or _rich(block.text, "strong")
        body.append(f"<{tag}>{inside}</{tag}>")
    council, title = html.escape(paper.head["site"]), html.escape(paper.head["title"])
    content = "\n".join(body)
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title} - {council}</title></head>
<body>
<nav><a href="#">Home</a> <a href="#">Councillors</a> <a href="#">Committees</a></nav>
<main>
{content}
</main>
<footer><p>{council}. Contact us | Accessibility | Cookies</p></footer>
</body>
</html>
""".encode()


def render_text(paper: Paper) -> bytes:
    """Return ``paper`` as plain text or, for a path ending in ``.md``, as Markdown."""
    marks = {"bullet": "- ", "decision": "    "}
    if paper.path.endswith(".md"):
        marks |= {"title": "# ", "heading": "## "}
    out: list[str] = []
    for block in paper.blocks:
        mark = marks.get(block.kind, "")
        text = BOLD.sub(r"\1", block.text)
        text = textwrap.fill(text, 88, initial_indent=mark, subsequent_indent=" " * len(mark))
        out.append(text or "\n".join(" | ".join(row) for row in block.rows))
    return ("\n\n".join(out) + "\n").encode()


def render(paper: Paper, styles: dict[str, Style]) -> bytes:
    """Return the bytes of ``paper`` in its own format."""
    if paper.path.endswith(".pdf"):
        return render_pdf(paper, styles[paper.head["style"]])
    other = {".docx": render_docx, ".html": render_html}
    return other.get(Path(paper.path).suffix, render_text)(paper)


def read_styles() -> dict[str, Style]:
    """Read the house styles beside this file."""
    return tomllib.loads((HERE / "styles.toml").read_text(encoding="utf-8"))


def metadata(papers: list[Paper]) -> str:
    """Return ``metadata.csv``: a row for each paper that gives some of its facts away."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, (*COLUMNS, "title"), restval="", lineterminator="\n")
    writer.writeheader()
    for paper in papers:
        head = paper.head
        told = {name: head[name] for name in head.get("tell", ())}
        if "site" in told:
            told["site_id"] = re.sub(r"[^a-z0-9]+", "-", head["site"].lower())
        if told:
            writer.writerow({"path": paper.path} | told)
    return buffer.getvalue()


def main() -> None:
    """Render every source text, and the metadata beside them."""
    parser = argparse.ArgumentParser(description="Render the sample corpus from its source texts.")
    parser.add_argument("--out", type=Path, default=HERE.parent / "sample", help="folder to write")
    out: Path = parser.parse_args().out
    papers, styles = read_papers(), read_styles()
    for paper in papers:
        target = out / paper.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(render(paper, styles))
    (out / "metadata.csv").write_text(metadata(papers), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
