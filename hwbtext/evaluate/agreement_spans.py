"""Agreement on where spans begin and end: Krippendorff's alpha for unitizing.

``alpha_u`` is the binary coefficient of the family that Krippendorff, Mathet, Bouvry and
Widlöcher (2016) put in the place of the one of 1995, which "turned out to behave not as
expected when applied to more than two observers". It counts characters that two coders both
put in a span or both leave out; chance pairs every two characters except those of one and the
same span. ``alpha_u_1995`` is the older one, for comparison with studies that give it.

Codes may overlap (a clause can be about ownership and about inequality), so that a text is not
cut into one row of spans: each category is measured by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.errors import InputError
from hwbtext.evaluate.agreement_figures import Figure, Resampling, interval
from hwbtext.evaluate.agreement_formulas import ratio

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Span = tuple[int, int]
    Spans = Mapping[str, Sequence[Span]]


def alpha_u(
    spans: Sequence[Spans],
    lengths: Sequence[int],
    *,
    clusters: Sequence[Hashable] | None = None,
    resampling: Resampling | None = None,
) -> Figure:
    """Return the alpha for unitizing of one category over any number of texts and coders.

    Parameters
    ----------
    spans : sequence of mappings
        For each text, the spans ``[start, end)`` of each coder who read it; an empty list says
        that the coder found none, a coder who is not in it did not read it.
    lengths : sequence of int
        Characters of each text.
    clusters : sequence, optional
        The document that each text stands in. Default: each text by itself.
    resampling : Resampling, optional
        How to make the interval. Default: none.

    Returns
    -------
    Figure
        ``n_units`` counts texts; ``value`` is None where fewer than two coders read a text,
        nobody marked a span, or all marked everything.

    Raises
    ------
    InputError
        Lengths differ in number, or a span lies outside its text.

    Notes
    -----
    ``|uα`` of Krippendorff, K., Mathet, Y., Bouvry, S. and Widlöcher, A. (2016). On the
    reliability of unitizing textual continua: further developments. Quality & Quantity 50,
    2347-2364; Krippendorff, K. (2019). Content Analysis, 4th ed., section 12.6.4. Two things
    are ours: several texts are one continuum on which no span runs from one text into the
    next, and a text read by ``m`` of the coders counts ``1 / (m - 1)`` for each pair of them,
    as units with missing codes do in his alpha. Spans of one coder that overlap are joined.

    Examples
    --------
    >>> same = {"a": [(0, 5)], "b": [(0, 5)]}
    >>> alpha_u([same, {"a": [], "b": []}], [10, 10]).value
    1.0
    >>> alpha_u([{"a": [(0, 5)], "b": [(5, 10)]}], [20]).value < 0
    True
    """
    _check(spans, lengths, clusters)
    keys = list(range(len(spans))) if clusters is None else [str(key) for key in clusters]
    names = sorted(set(keys), key=str)
    sums = np.zeros((len(names), 5))
    for key, found, length in zip(keys, spans, lengths, strict=True):
        sums[names.index(key)] += _sums(found, length)
    value = float(_alpha(sums.sum(axis=0, keepdims=True))[0])
    pairable = [number for number, found in enumerate(spans) if len(found) >= 2]
    figure = Figure(
        "alpha_u",
        None if np.isnan(value) else value,
        n_units=sum(1 for found in spans if found),
        n_pairable=len(pairable),
        n_coders=len({coder for found in spans for coder in found}),
        n_clusters=len({keys[number] for number in pairable}),
    )
    if figure.value is None:
        return replace(figure, reason=_why_undefined(figure, marked=bool(sums[:, 1].any())))
    low, high, reason = interval(
        lambda weights: _alpha(weights @ sums),
        len(names),
        resampling or Resampling(n_resamples=0),
        n_informative=figure.n_clusters,
    )
    return replace(figure, low=low, high=high, reason_interval=reason)


def _why_undefined(figure: Figure, *, marked: bool) -> str:
    if figure.n_coders < 2:
        return f"fewer than two coders ({figure.n_coders})"
    if figure.n_pairable == 0:
        return "no text was read by two coders"
    return "all coders marked all of the text" if marked else "nobody marked a span"


def alpha_u_1995(spans: Spans, length: int) -> float | None:
    """Return the first alpha for unitizing, of one category on one text.

    None where nobody marked a span. For several categories, add up their observed and expected
    disagreements (:func:`disagreement_1995`) before dividing.

    References
    ----------
    Krippendorff, K. (1995). On the reliability of unitizing contiguous data. Sociological
    Methodology 25, 47-76; as corrected in (2004) Content Analysis, 2nd ed., section 11.6.

    Examples
    --------
    >>> alpha_u_1995({"a": [(2, 6)], "b": [(2, 6)]}, 20)
    1.0
    >>> alpha_u_1995({"a": [], "b": []}, 20) is None
    True
    """
    observed, expected = disagreement_1995(spans, length)
    return None if expected == 0 else 1 - observed / expected


def disagreement_1995(spans: Spans, length: int) -> tuple[float, float]:
    """Return the observed and the expected disagreement of :func:`alpha_u_1995`."""
    _check([spans], [length], None)
    n_coders = len(spans)
    if n_coders < 2:
        msg = f"Agreement needs two coders or more. Got {n_coders}."
        raise InputError(msg)
    cut = {coder: _sections(_joined(found), length) for coder, found in spans.items()}
    names = list(cut)
    observed = sum(
        _distance(left, right)
        for number, first in enumerate(names)
        for second in names[number + 1 :]
        for left in cut[first]
        for right in cut[second]
    )
    sizes = [end - start for rows in cut.values() for start, end, is_span in rows if is_span]
    gaps = [end - start for rows in cut.values() for start, end, is_span in rows if not is_span]
    expected = sum(
        (len(sizes) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        + size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
        for size in sizes
    )
    total = n_coders * length
    positions = total * (total - 1) - sum(size * (size - 1) for size in sizes)
    return (
        2 * observed / (n_coders * (n_coders - 1) * length**2),
        2 / length * expected / positions if positions else 0.0,
    )


def _distance(left: tuple[int, int, bool], right: tuple[int, int, bool]) -> int:
    """Return Krippendorff's squared difference of two sections of the same text."""
    start_a, end_a, span_a = left
    start_b, end_b, span_b = right
    if span_a and span_b:
        meet = start_a < end_b and start_b < end_a
        return (start_a - start_b) ** 2 + (end_a - end_b) ** 2 if meet else 0
    if span_a and start_b <= start_a and end_a <= end_b:
        return (end_a - start_a) ** 2
    if span_b and start_a <= start_b and end_b <= end_a:
        return (end_b - start_b) ** 2
    return 0


def _alpha(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return alpha of each row of sums: outside, inside, disagreeing, squares, total."""
    outside, inside, disagreeing, squares, total = sums.T
    scale = total - ratio(outside + squares, total)
    return 1 - ratio(disagreeing * scale, outside * inside)


def _sums(found: Spans, length: int) -> NDArray[np.float64]:
    """Return what one text adds; nothing where fewer than two coders read it.

    Characters outside and inside a span and the squares of the spans' lengths, over coders;
    characters on which two coders differ, over pairs / (m - 1); all characters.
    """
    if len(found) < 2:
        return np.zeros(5)
    rows = [_joined(spans) for spans in found.values()]
    marks = np.zeros((len(rows), length), dtype=bool)
    for mark, spans in zip(marks, rows, strict=True):
        for start, end in spans:
            mark[start:end] = True
    votes = marks.sum(axis=0).astype(np.float64)
    inside = float(votes.sum())
    total = float(len(rows) * length)
    differing = float((votes * (len(rows) - votes)).sum()) / (len(rows) - 1)
    squares = float(sum((end - start) ** 2 for spans in rows for start, end in spans))
    return np.array([total - inside, inside, differing, squares, total])


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order; those that overlap as one, those that touch as they are."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _sections(spans: list[Span], length: int) -> list[tuple[int, int, bool]]:
    """Return spans and the gaps between them as (start, end, is a span)."""
    out: list[tuple[int, int, bool]] = []
    at = 0
    for start, end in spans:
        if start > at:
            out.append((at, start, False))
        out.append((start, end, True))
        at = end
    if at < length:
        out.append((at, length, False))
    return out


def _check(
    spans: Sequence[Spans], lengths: Sequence[int], clusters: Sequence[Hashable] | None
) -> None:
    if len(spans) != len(lengths) or (clusters is not None and len(clusters) != len(spans)):
        others = "" if clusters is None else f", {len(clusters)} clusters"
        msg = (
            "Each text needs its spans, its length and its cluster. Got "
            f"{len(spans)} texts, {len(lengths)} lengths{others}."
        )
        raise InputError(msg)
    for number, (found, length) in enumerate(zip(spans, lengths, strict=True)):
        for coder, rows in found.items():
            for start, end in rows:
                if not 0 <= start < end <= length:
                    msg = (
                        f"A span must hold a character and lie in its text. Got [{start}, {end}) "
                        f"of coder {coder!r} in text {number}, which has {length} characters."
                    )
                    raise InputError(msg)
