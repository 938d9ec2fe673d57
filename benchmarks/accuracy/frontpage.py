"""Score meeting dates and committees against front pages that were read apart from any program.

    python -m benchmarks.accuracy.frontpage --shared ../shared

``front_pages.csv`` holds what a reader saw on page one of each paper (two readers for the
development set, who agreed on every row; one for the held-out set), never what a program said.
The rules were mended while looking at mistakes on the development set; the held-out papers
were drawn and read afterwards. Two later mends (sites only from lines that they head, posts
are no bodies) came from listing what was inferred for every Kent paper.

Flat: the file is given under the hash of its bytes, so that no path can help. Paths kept: as it
lies in the folder.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path, PurePosixPath

from benchmarks.results import measured_on, write_section
from hwbtext.frontpage import describe
from hwbtext.parse import parse

_TRUTH = Path(__file__).with_name("front_pages.csv")
_WHOLE_COUNCILS = ("parish council", "county council", "council")


def same_body(found: str, read: str, organisation: str) -> bool:
    """Return whether two names are of one body; the place's name before it may be left out."""
    one, other, whose = (
        " ".join(name.lower().replace("the ", "").replace(" meeting", "").split())
        for name in (found, read, organisation)
    )
    if one == other:
        return True
    if one == whose and other in _WHOLE_COUNCILS:
        return True
    return one.endswith(other) and one.removesuffix(other).strip() in whose


def score(rows: list[dict[str, str]], real: Path, *, flat: bool) -> dict[str, tuple[int, int, int]]:
    """Return (stated, found right, wrong) for dates and committees; a silence is no mistake."""
    counts = {"meeting date": [0, 0, 0], "committee": [0, 0, 0]}
    for row in rows:
        path = row["path"]
        document = parse(real / path)
        name = document.doc_id + PurePosixPath(path).suffix if flat else path
        facts, _ = describe(document, name)
        date = facts.meeting_date.isoformat() if facts.meeting_date else ""
        body = facts.committee or ""
        for measure, found, read, right in (
            ("meeting date", date, row["meeting_date"], date == row["meeting_date"]),
            (
                "committee",
                body,
                row["committee"],
                same_body(body, row["committee"], row["organisation"]),
            ),
        ):
            counts[measure][0] += bool(read)
            counts[measure][1] += bool(found) and right
            counts[measure][2] += bool(found) and not right
            if found and not right:
                print(f"wrong {measure}: {path}: {found!r}, the page says {read!r}")
    return {measure: (n[0], n[1], n[2]) for measure, n in counts.items()}


def main() -> None:
    """Score both sets, with flat names and with paths, and write the section."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    real = arguments.parse_args().shared / "real"
    truth = list(csv.DictReader(_TRUTH.read_text(encoding="utf-8").splitlines()))
    lines = [
        "## Front pages: meeting dates and committees",
        "",
        f"`python -m benchmarks.accuracy.frontpage`, {measured_on()}.",
        "Truth, model-annotated: page one of each paper as a language model, not a person, read",
        "it. Found: of the papers whose page states it.",
        "Wrong: a value that the page does not bear out (also where it states none).",
        "",
        "| set | papers | names | measure | stated | found | wrong |",
        "|---|---|---|---|---|---|---|",
    ]
    for part in ("development", "held_out"):
        rows = [row for row in truth if row["set"] == part]
        for flat in (True, False):
            for measure, (stated, right, wrong) in score(rows, real, flat=flat).items():
                names = "flat" if flat else "paths kept"
                share = f"{right} ({right / stated:.0%})" if stated else "-"
                lines.append(
                    f"| {part.replace('_', ' ')} | {len(rows)} | {names} | {measure} | {stated} "
                    f"| {share} | {wrong} |"
                )
    write_section("frontpage", "\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
