"""What a coder reads in the kit: how to go about it, and the codebook as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.coding.columns import AGREED

if TYPE_CHECKING:
    from hwbtext.codebook import Code, Codebook
    from hwbtext.coding.plan import Plan

SEPARATOR = "|"
"""Between two mentions of one category in a cell."""


def instruction_rows(plan: Plan, codebook: Codebook) -> list[tuple[str, str]]:
    """Return the rows of the sheet of instructions; the first is its head."""
    outcomes = ", ".join(codebook.outcomes)
    categories = ", ".join(codebook.categories)
    first = codebook.categories[0] if codebook.categories else "category"
    polarities = codebook.polarities(first)
    two = f" {SEPARATOR} ".join((polarities * 2)[:2])
    counted = "The passages are a probability sample: leave out none because it is hard."
    picked = "A model picked these passages for training: they say nothing about rates."
    return [
        ("Step", f"What to do (codebook version {codebook.version})"),
        ("1. Read", "Read the sheets codebook and rulings. Code alone: do not compare notes yet."),
        (
            "2. Code a passage",
            "On the sheet passages, code what stands in the column text, from the text and the "
            "title of its item only. Grey text before and after helps to understand; it is not "
            "coded. Fill the yellow columns from their lists.",
        ),
        ("outcome", f"Exactly one of: {outcomes}."),
        ("subtype", "The code of the codebook that says more: it must be one of that outcome."),
        ("direction", "For tangible outcomes only."),
        ("act", "What this body did in the passage by its own verb; none where it did nothing."),
        (
            categories,
            "yes where the passage speaks of it; no, or empty, where it does not. With yes: the "
            "polarity, and the words that speak of it, copied letter by letter from the text.",
        ),
        (
            "Two of a kind",
            f"Two mentions of one category stand in the same cells with {SEPARATOR} between: "
            f"polarity {two!r}, and two quotes in the same order.",
        ),
        (
            "Cannot tell",
            "Leave all yellow cells of the row empty: the passage counts as not coded. That is "
            "not the same as none.",
        ),
        (
            "Leave alone",
            "Do not change id or text, or delete rows. Sort, filter, and add columns of your own "
            "as you like; they are not read back.",
        ),
        (
            "3. Send back",
            "Save as XLSX (or CSV UTF-8), and read it back with: hwbtext import FILE... -o "
            "gold.jsonl. Several coders' files go into one command. Passages on which all agree "
            "have an agreed coding; for the others fill a kit whose coder is "
            f"{AGREED!r}, or a sheet {AGREED!r} like the sheet passages.",
        ),
        ("How they were drawn", plan.design),
        ("What for", counted if plan.pool == "estimation" else picked),
    ]


def codebook_rows(codebook: Codebook) -> list[tuple[str, ...]]:
    """Return the rows of the sheet of codes, directions and acts; the first is its head."""
    head = ("code", "title", "definition", "include", "exclude", "examples", "not this code")
    rows: list[tuple[str, ...]] = [head, *(_code_row(code) for code in codebook.codes)]
    for kind, terms in (("direction", codebook.directions), ("act", codebook.acts)):
        rows += [(f"{kind}: {t.name}", kind, t.definition, "", "", "", "") for t in terms]
    return rows


def ruling_rows(codebook: Codebook) -> list[tuple[str, str, str]]:
    """Return the rows of the sheet of rulings; the first is its head."""
    return [("id", "case", "ruling"), *((r.id, r.case, r.ruling) for r in codebook.rulings)]


def _code_row(code: Code) -> tuple[str, ...]:
    return (
        code.id,
        code.title,
        code.definition,
        "\n".join(code.include),
        "\n".join(code.exclude),
        "\n".join(f"• {example.text}" for example in code.positive),
        "\n".join(f"• {miss.text} → {miss.actual} ({miss.why})" for miss in code.near_miss),
    )
