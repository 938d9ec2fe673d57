"""The series that the numbers of items make: which of the numbered lines are items."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from hwbtext.minutes.candidates import Candidate, number_key
from hwbtext.minutes.kinds import item_kind
from hwbtext.minutes.nested import without_lists
from hwbtext.minutes.titles import has_verb, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_USUAL = 2  # kinds of business of every meeting that show a series to be that of the items
_FEWEST_TOPS = 3  # numbers such as "4.0" that show how a paper counts
_DATED = 3  # parts of a number of year, month and item
_MOSTLY = 0.8
_FEW_PRINTED = 4
_ROUNDS = 40  # lines without a title that are added to one series
_MOST_BELOW = 10  # words of a title below an item: what is longer is said of it
_MOST_ALONE = 20  # unless the line ends with it
_FURTHEST = 40  # most that numbers of one series rise from an item to the next


def best_series(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the items: the best series, and those that stand above or below it."""
    by_shape: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_shape[candidate.shape].append(candidate)
    series: dict[str, list[Candidate]] = {}
    for shape, found in by_shape.items():
        counted = _continued(without_lists(_counted(found)))
        chain = _series([c for c in counted if not c.rough])
        series[shape] = _without_points(_with_rough(chain, [c for c in counted if c.rough]))
    scored = {
        shape: _score(chain, sum(not c.rough for c in by_shape[shape]))
        for shape, chain in series.items()
        if chain
    }
    if not scored:
        return []
    # Clauses and paragraphs are numbered too; only the items hold apologies, minutes and such.
    usual = {shape: _n_usual(chain) >= _USUAL for shape, chain in series.items()}
    best = max(scored, key=lambda shape: (usual[shape], scored[shape], -len(shape)))
    above = best.rsplit(".", 1)[0]
    if above != best and _heads(series.get(above, []), series[best]):
        best = above
    chosen = series[best]
    if len(chosen) < 2 and not chosen[0].printed:
        return []
    # "3.1 Ward visits" under "3 Reports", or the other way round.
    for shape in sorted(series, key=len):
        if shape != best and (best.startswith(shape + ".") or shape.startswith(best + ".")):
            chosen = _merge(chosen, by_shape[shape], below=len(shape) > len(best))
    return sorted(chosen, key=lambda candidate: candidate.start)


def _continued(found: list[Candidate]) -> list[Candidate]:
    """Let numbers that begin anew count on, where the business of one meeting goes on below them.

    What turns pages into text counts each list from one. Another meeting would have its own
    apologies and minutes.
    """
    for at, candidate in enumerate(found):
        above, below = found[:at], found[at:]
        if candidate.key != (1,) or min(len(above), len(below)) < _FEWEST_TOPS:
            continue
        kinds = {item_kind(one.title) for one in above} - {"business"}
        others = {item_kind(one.title) for one in below} - {"business"}
        if len(kinds) >= _USUAL and others and not kinds & others and len(above[-1].key) == 1:
            top = above[-1].key[0]
            return [*above, *(replace(one, key=(one.key[0] + top, *one.key[1:])) for one in below)]
    return found


def _without_points(chain: list[Candidate]) -> list[Candidate]:
    """Leave out the paragraphs of items that are numbered "4.0": "4.1 The fence was mended"."""
    n_tops = sum(len(c.key) > 1 and not c.key[-1] for c in chain)
    if n_tops < _FEWEST_TOPS:
        return chain
    return [
        c
        for c in chain
        if not c.key[-1]
        or c.printed
        or (c.alone and not c.rough and not tells(c.title) and not has_verb(c.title))
    ]


def _n_usual(chain: Sequence[Candidate]) -> int:
    kinds = {item_kind(candidate.title) for candidate in chain}
    return len(kinds - {"business"})


def _heads(above: Sequence[Candidate], below: Sequence[Candidate]) -> bool:
    """Return whether a series holds the numbers under which another one counts."""
    firsts = {candidate.key[0] for candidate in below if candidate.key}
    return len(above) >= 2 and sum(candidate.key[0] in firsts for candidate in above) >= 1


def _counted(found: Sequence[Candidate]) -> list[Candidate]:
    """Drop from the keys what is the same in all: the year of "135/19", "136/19"."""
    widths = {len(candidate.key) for candidate in found}
    if len(widths) != 1 or len(found) < 2:
        return list(found)
    width = widths.pop()
    moving = [i for i in range(width) if len({candidate.key[i] for candidate in found}) > 1]
    if len(moving) == width or not moving:
        return list(found)
    if "/" not in found[0].shape and moving != [width - 1]:
        return _without_date(found) if width == _DATED else list(found)
    return [replace(c, key=tuple(c.key[i] for i in moving)) for c in found]


def _without_date(found: Sequence[Candidate]) -> list[Candidate]:
    """Drop year and month from "19.03.3", "19.01.4", "19.03.5": one of them was not brought up."""
    common, n = Counter(candidate.key[:-1] for candidate in found).most_common(1)[0]
    if n < max(_MOSTLY * len(found), len(found) - 1):
        return list(found)
    odd = [candidate for candidate in found if candidate.key[:-1] != common]
    if not all(candidate.printed for candidate in odd):
        return list(found)
    return [replace(candidate, key=candidate.key[-1:]) for candidate in found]


def _series(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the longest rising run; printed headings first, others only to fill its gaps."""
    printed = [candidate for candidate in found if candidate.printed]
    # Where print sets off something else than business, it says nothing of the items.
    beside = _n_usual(printed) < _USUAL <= _n_usual([c for c in found if not c.rough])
    if len(printed) < 2 or (beside and len(printed) < len(found) / _FEW_PRINTED):
        return _longest_rising([c for c in found if c.printed or not _too_long(c)])
    chain = _longest_rising(printed)
    filled: list[Candidate] = []
    rest = iter([c for c in found if not c.printed])
    pending = next(rest, None)
    for before, after in zip(chain, [*chain[1:], None], strict=True):
        if not filled:
            filled += _before(before, [c for c in found if not c.printed])
        filled.append(before)
        while pending is not None and pending.start < before.start:
            pending = next(rest, None)
        last = before
        while pending is not None and (after is None or pending.start < after.start):
            in_gap = last.key < pending.key and (
                pending.key < after.key if after else pending.key[0] - last.key[0] == 1
            )
            if in_gap and len(pending.key) == len(last.key) and _steps(last, pending):
                filled.append(pending)
                last = pending
            pending = next(rest, None)
    return filled


def _before(first: Candidate, others: Sequence[Candidate]) -> list[Candidate]:
    """Return the lines above the first printed heading that count up to it without a gap."""
    run: list[Candidate] = []
    key = first.key
    for other in reversed([c for c in others if c.start < first.start]):
        if other.key == (*key[:-1], key[-1] - 1):
            run.append(other)
            key = other.key
    return run[::-1] if key[-1] == 1 else []


def _with_rough(chain: Sequence[Candidate], rough: Sequence[Candidate]) -> list[Candidate]:
    """Add lines without a title whose number is just the one that is missing."""
    if len(chain) < 3:
        return list(chain)
    merged = list(chain)
    for _ in range(_ROUNDS):
        added = [candidate for candidate in rough if _fits(candidate, merged)]
        if not added:
            break
        merged = sorted([*merged, added[-1]], key=lambda candidate: candidate.start)
    return merged


def _fits(candidate: Candidate, chain: Sequence[Candidate]) -> bool:
    """Return whether a number is just the one that is missing where it stands."""
    at = bisect_right(chain, candidate.start, key=lambda one: one.start)
    before = chain[at - 1].key if at else None
    after = chain[at].key if at < len(chain) else None
    key = candidate.key
    if key in (before, after) or {len(k) for k in (before, after) if k} != {len(key)}:
        return False
    if (before and before > key) or (after and key > after):
        return False
    if before is None:
        return after == (*key[:-1], key[-1] + 1)
    near = [k for k in (before, after) if k and k[:-1] == key[:-1] and abs(k[-1] - key[-1]) <= 2]
    return bool(near)


def _too_long(candidate: Candidate) -> bool:
    return False if candidate.printed else len(candidate.title.split()) > 30


def _steps(last: Candidate, following: Candidate) -> bool:
    return following.key[-1] - last.key[-1] <= 3 or len(following.key) > 1


def _longest_rising(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the longest run whose numbers never fall (Schensted 1961), with equal ones kept."""
    tails: list[tuple[int, ...]] = []
    at_tail: list[int] = []
    before: list[int] = []
    for index, candidate in enumerate(found):
        place = bisect_right(tails, candidate.key)
        before.append(at_tail[place - 1] if place else -1)
        if place == len(tails):
            tails.append(candidate.key)
            at_tail.append(index)
        else:
            tails[place] = candidate.key
            at_tail[place] = index
    run: list[Candidate] = []
    index = at_tail[-1] if at_tail else -1
    while index >= 0:
        run.append(found[index])
        index = before[index]
    run.reverse()
    return _near(run)


def _near(run: Sequence[Candidate]) -> list[Candidate]:
    """Cut a run where the numbers leap: "45 Members" is no item after item 3."""
    kept: list[Candidate] = []
    for candidate in run:
        if kept and candidate.key[0] - kept[-1].key[0] > _FURTHEST:
            continue
        kept.append(candidate)
    return kept


def _score(chain: Sequence[Candidate], n_all: int) -> float:
    value = sum(3.0 if c.printed else 0.5 if c.lone or c.rough else 1.0 for c in chain)
    return value - 0.5 * (n_all - len(chain))


def _merge(
    chosen: Sequence[Candidate], others: Iterable[Candidate], *, below: bool
) -> list[Candidate]:
    """Add the items that are numbered below one of these, or above."""
    merged = sorted(chosen, key=lambda candidate: candidate.start)
    starts = [candidate.start for candidate in merged]
    others = list(others)
    anything_printed = any(candidate.printed for candidate in chosen)
    # Print may set off the numbers above and leave those below plain, each alone on its line.
    below_printed = 2 * sum(other.printed for other in others) >= len(others)
    for other in others:
        at = bisect_right(starts, other.start)
        if below:
            parent = merged[at - 1] if at else None
            key = number_key(other.number)
            fits = parent is not None and key[: len(number_key(parent.number))] == number_key(
                parent.number
            )
            titled = not (other.rough or other.lone or tells(other.title) or has_verb(other.title))
            short = titled and n_words(other.title) <= (_MOST_ALONE if other.alone else _MOST_BELOW)
            plain = not anything_printed or (other.alone and not below_printed)
            if fits and (other.printed or (short and plain)):
                chosen = [*chosen, other]
        elif at < len(merged):
            key = number_key(merged[at].number)
            if key[: len(other.key)] == other.key and not other.lone:
                chosen = [*chosen, other]
    return list(chosen)
