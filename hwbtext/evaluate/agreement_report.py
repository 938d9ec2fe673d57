"""The report of coders' agreement: tidy rows, as a DataFrame or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from hwbtext.evaluate.agreement_figures import Figure

FORMAT = "hwbtext-agreement-1"


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One figure, and what it is the agreement of.

    Attributes
    ----------
    measure : str
        "outcome", "subtype", "presence", "polarity" or "spans".
    category : str or None
        The category of mention; None for outcome and subtype.
    text : str
        "restated" or "not restated" (verbatim, or nobody said): the two are never pooled.
    by, group : str
        "all" and "", or the field that the sample is split by ("place") and its value.
    code : str or None
        This code against the rest; None for all codes together.
    coders : str
        "all", or the two coders of a pair, "first · second".
    figure : Figure
    """

    measure: str
    category: str | None
    text: str
    by: str
    group: str
    code: str | None
    coders: str
    figure: Figure

    def to_record(self) -> dict[str, str | int | float | None]:
        """Return the row with the fields of its figure beside its own."""
        own = {part.name: getattr(self, part.name) for part in fields(self)[:-1]}
        return own | asdict(self.figure)


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """How far the coders of a gold sample agree.

    Attributes
    ----------
    name, task : str
    annotators : str
        Who coded, as the sample says: "model-annotated", "people", "mixed" or "unknown".
    coders : tuple of str
    clusters : str
        What the intervals resample.
    n_resamples, seed : int
    rows : tuple of AgreementRow
    warnings : tuple of str
        What a reader must know before citing a figure.
    """

    name: str
    task: str
    annotators: str
    coders: tuple[str, ...]
    clusters: str
    n_resamples: int
    seed: int
    rows: tuple[AgreementRow, ...]
    warnings: tuple[str, ...]

    def find(
        self,
        statistic: str,
        *,
        measure: str | None = None,
        category: str | None = None,
        text: str | None = None,
        by: str = "all",
        group: str = "",
        code: str | None = None,
        coders: str = "all",
    ) -> Figure | None:
        """Return the figure of the first row that fits, or None.

        ``measure``, ``category`` and ``text`` fit anything where they are None; ``code`` None
        asks for all codes together.
        """
        for row in self.rows:
            if (
                row.figure.statistic == statistic
                and measure in (None, row.measure)
                and category in (None, row.category)
                and text in (None, row.text)
                and (row.by, row.group, row.code, row.coders) == (by, group, code, coders)
            ):
                return row.figure
        return None

    def to_frame(self) -> pd.DataFrame:
        """Return one row a figure; columns as in :class:`AgreementRow` and :class:`Figure`."""
        import pandas as pd

        return pd.DataFrame([row.to_record() for row in self.rows])

    def to_json(self) -> str:
        """Return the report as JSON; what is undefined is null, never 0."""
        content = {
            "format": FORMAT,
            "name": self.name,
            "task": self.task,
            "annotators": self.annotators,
            "coders": self.coders,
            "clusters": self.clusters,
            "n_resamples": self.n_resamples,
            "seed": self.seed,
            "warnings": self.warnings,
            "figures": [row.to_record() for row in self.rows],
        }
        return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
