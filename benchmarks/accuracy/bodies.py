"""Compare the bodies found in a text of the seeds with a count made by reading it.

    python -m benchmarks.accuracy.bodies --shared ../shared

A language model, not a person, read one text from end to end and counted, for three bodies, the
sentences that name it and how often it is named; the text is known by its hash only.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from benchmarks.results import measured_on, write_section

_SHA = "fe9b56d414435995"
_COUNTED = {"hwb": (14, 14), "ics": (11, 12), "stp": (4, 4)}  # sentences, names


def main() -> None:
    """Count, compare, and write the section."""
    from hwbtext.bodies import detect_bodies
    from hwbtext.parse import parse_file
    from hwbtext.passages import segment

    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--dry-run", action="store_true", help="print, and write nothing")
    chosen = arguments.parse_args()
    lines = [
        "## Body mentions",
        "",
        f"`python -m benchmarks.accuracy.bodies`, {measured_on()}. One text of the seeds, "
        "model-annotated: counted by a language model, not people.",
        "",
        "| body | sentences counted | sentences found | names counted | names found |",
        "|---|---|---|---|---|",
    ]
    for path in sorted((chosen.shared / "seeds").glob("*.txt")):
        if not path.stem.endswith(_SHA):
            continue
        mentions = detect_bodies(segment(parse_file(path, path.name)))
        sentences = Counter(mention.body_id for mention in mentions)
        names = Counter(dict.fromkeys(_COUNTED, 0))
        for mention in mentions:
            names[mention.body_id] += mention.count
        for body, (n_sentences, n_names) in _COUNTED.items():
            row = (body, n_sentences, sentences[body], n_names, names[body])
            lines.append(f"| {' | '.join(map(str, row))} |")
    body = "\n".join(lines)
    if not chosen.dry_run:
        write_section("bodies", body)
    print(body)


if __name__ == "__main__":
    main()
