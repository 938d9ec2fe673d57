"""Score the grammar of minutes against meetings that language models counted, not people.

    python -m benchmarks.accuracy.minutes --shared ../shared
    python -m benchmarks.accuracy.minutes --dry-run --show    # mistakes, but of no held-out paper

``minutes.jsonl`` holds what two readers counted, a line a paper, with every string sealed
(:mod:`benchmarks.accuracy.seal`): the papers name people, and whoever mends the grammar is not
to learn the answers from the file. Some papers were counted by two; their agreement is the
ceiling. Differences were settled by looking at the paper, and ``settled`` says how.

``set`` parts the papers (:data:`SETS`). Those of the development sets, their readings and every
mistake in them were looked at while the grammar was mended, in six rounds; of any other set
nothing was looked at but the scores. The report keeps them apart: only a set that is no
development set says how the grammar does on a paper that it has not met.

What a reader marked as doubtful is neither missed nor a false hit; alternatives that a reader
allowed are right. A paper in a pack is scored on its own pages only (``region``), and the pack's
date and close, which are not the paper's, not at all. The last words of a clause are compared
without a joining "; and".

A resolution is a clause that ``hwbtext.minutes.find_resolutions`` gives for the items found; an
act is a decision as ``DocumentFindings.acts`` has it, by the passage that it stands in.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.accuracy.seal import find_sealed, sealed, squeeze
from benchmarks.results import measured_on, write_section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hwbtext.records import AgendaItem, CharSpan, Document, DocumentFindings

TRUTH = Path(__file__).with_name("minutes.jsonl")
SEED = 0
DRAWS = 2_000
KINDS = ("council PDF", "parish PDF and DOCX", "trust and pharmacy", "HTML", "Markdown")
MEASURES = (
    "items (number)",
    "items (number and title)",
    "resolutions (clause end)",
    "resolutions (clause end, in its item)",
    "clause number, given the clause",
    "clauses with an act (recall)",
    "actions",
    "owner, given the action",
    "attendance (name)",
    "attendance (name and group)",
    "votes (all counts)",
    "result, given the vote",
    "close of the meeting",
    "date of the meeting",
)
SETS = {
    "development": "Looked at while the grammar was mended: papers, readings and every mistake.",
    "second_development": "Looked at in a second round, after the first held-out score: clauses "
    "0.78, items 0.92 on the ten papers then held out.",
    "third_development": "Counted for a third round, and looked at in it.",
    "fourth_development": "Held out in the first three rounds, its scores seen about nine times; "
    "opened in the fourth.",
    "fifth_development": "Counted for the third round and scored before it, after it, and after "
    "the fourth, without a look; opened in the fifth.",
    "sixth_development": "Counted for the fourth round by one reader, and scored once, after it, "
    "without a look; opened in the fifth.",
    "seventh_development": "Drawn at random from papers that nobody had looked at, counted by two "
    "readers while the fifth round went on, and scored once, after it, without a look; opened in "
    "the sixth.",
    "unseen": "Drawn at random from papers that nobody had looked at, counted by one reader while "
    "the sixth round went on, and not looked at: scored after it.",
}
# The sets whose mistakes may be shown.
DEVELOPMENT = (
    "development",
    "second_development",
    "third_development",
    "fourth_development",
    "fifth_development",
    "sixth_development",
    "seventh_development",
)
_SHOWN = 140  # characters of a sealed string that are shown: its end
_FEWEST = 3  # meetings: fewer give no interval
_BEFORE = 80  # characters: "ACTION: the clerk" may stand before what is to be done
_TITLE = re.compile(
    r"^\W*(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Lord|Lady|Baroness|Baron|Prof|Professor|Rev|Revd|"
    r"Reverend|Cllr|Cllrs|Councillors?|Alderman|Hon)\b\.?\s*)+",
    re.IGNORECASE,
)
_HONOURS = re.compile(
    r"(?:[\s,]+(?:OBE|MBE|CBE|KBE|DBE|BEM|CH|KC|QC|JP|DL|TD|VR|QPM|RD|Esq)\b\.?)+\W*$"
)
_JOINT = re.compile(r"[;,.]\s*(?:and|or)\W*$", re.IGNORECASE)


def seal_of(text: str, salt: str) -> str:
    """Return length and hash of a text as they stand in the truth file."""
    return "{}:{}".format(*sealed(text, salt))


def bare_name(name: str) -> str:
    """Return a name without title and honours: readers differ in whether they copy them.

    Examples
    --------
    >>> bare_name("Cllr Mrs A B Example, OBE"), bare_name("Dr. Jo Sample")
    ('A B Example', 'Jo Sample')
    """
    return _HONOURS.sub("", _TITLE.sub("", name)).strip(" ,")


# ---- readings -------------------------------------------------------------------------------


class Item(NamedTuple):
    """An item: seals of numbers and titles that are right; ``bare`` where none is printed."""

    numbers: frozenset[str]
    titles: frozenset[str]
    bare: bool
    doubtful: bool = False
    shown: str = ""


class Person(NamedTuple):
    """One person in the attendance."""

    names: frozenset[str]
    groups: frozenset[str]
    doubtful: bool = False
    shown: str = ""


class End(NamedTuple):
    """A clause by its end; ``texts`` only of what was found."""

    ends: frozenset[str]
    clause: str | None
    items: frozenset[str]
    doubtful: bool = False
    texts: tuple[str, ...] = ()
    shown: str = ""


class Task(NamedTuple):
    """An action by its first words; ``text`` only of what was found."""

    begins: frozenset[str]
    owners: frozenset[str]
    doubtful: bool = False
    text: str = ""
    shown: str = ""


class Ballot(NamedTuple):
    """A vote with counts: for each count the seals that are right, None where none is printed."""

    counts: tuple[frozenset[str | None], frozenset[str | None], frozenset[str | None]]
    result: str | None
    items: frozenset[str]
    doubtful: bool = False
    shown: str = ""


@dataclass(slots=True)
class Reading:
    """What one reader, or the program, found in one paper."""

    items: list[Item] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    resolutions: list[End] = field(default_factory=list)
    acts: list[End] = field(default_factory=list)
    actions: list[Task] = field(default_factory=list)
    votes: list[Ballot] = field(default_factory=list)
    close: str | None = None
    date: str | None = None
    unscored: frozenset[str] = frozenset()


@dataclass(slots=True)
class Paper:
    """One line of the truth file."""

    path: str
    doc_id: str
    kind: str
    truth: Reading
    readings: tuple[Reading, ...] = ()
    pages: tuple[int, ...] = ()
    between: tuple[str, ...] = ()
    part: str = "unseen"  # a paper of no set is not to be looked at either


def read_truth(lines: Iterable[str]) -> list[Paper]:
    """Read the truth file."""
    papers = []
    for line in lines:
        if not line.strip():
            continue
        row = json.loads(line)
        region = row.get("region", {})
        papers.append(
            Paper(
                row["path"],
                row["doc_id"],
                row["kind"],
                _reading(row["truth"]),
                tuple(_reading(reading) for reading in row.get("readings", ())),
                tuple(region.get("pages", ())),
                tuple(region.get("between", ())),
                row.get("set", "unseen"),
            )
        )
    return papers


def _reading(row: dict[str, Any]) -> Reading:
    def some(name: str) -> Iterator[tuple[dict[str, Any], bool]]:
        return ((one, bool(one.get("doubtful"))) for one in row.get(name, ()))

    return Reading(
        items=[
            Item(frozenset(i["numbers"]), frozenset(i["titles"]), bool(i.get("bare")), doubtful)
            for i, doubtful in some("items")
        ],
        people=[
            Person(frozenset(p["names"]), frozenset(p["groups"]), doubtful)
            for p, doubtful in some("people")
        ],
        resolutions=[
            End(frozenset(r["ends"]), r.get("clause"), frozenset(r.get("items", ())), doubtful)
            for r, doubtful in some("resolutions")
        ],
        actions=[
            Task(frozenset(a["begins"]), frozenset(a.get("owners", ())), doubtful)
            for a, doubtful in some("actions")
        ],
        votes=[
            Ballot(
                (frozenset(v["for"]), frozenset(v["against"]), frozenset(v["abstain"])),
                v.get("result"),
                frozenset(v.get("items", ())),
                doubtful,
            )
            for v, doubtful in some("votes")
        ],
        close=row.get("close"),
        date=row.get("date"),
        unscored=frozenset(row.get("unscored", ())),
    )


# ---- what was found -------------------------------------------------------------------------


def region_of(document: Document, paper: Paper) -> tuple[int, int]:
    """Return the part of the text that is the paper: the whole, some pages, or between marks."""
    if paper.pages:
        spans = [page.span for page in document.pages if page.number in paper.pages]
        return (spans[0].start, spans[-1].end) if spans else (0, 0)
    if not paper.between:
        return 0, len(document.text)
    offsets: list[int] = []
    squeezed: list[str] = []
    for offset, character in enumerate(document.text):
        kept = squeeze(character)
        squeezed.append(kept)
        offsets += [offset] * len(kept)
    haystack = "".join(squeezed)
    first, last = paper.between
    starts, ends = _places(haystack, first, paper.doc_id), _places(haystack, last, paper.doc_id)
    if not starts or not ends or ends[-1] < starts[0]:
        message = f"{paper.doc_id}: the marks of the paper are not in the text of its pack."
        raise SystemExit(message)
    end = min(place for place in ends if place >= starts[0]) + int(last.split(":")[0])
    return offsets[starts[0]], offsets[end - 1] + 1


def _places(haystack: str, seal: str, salt: str) -> list[int]:
    n, _, digest = seal.partition(":")
    return find_sealed(haystack, int(n), digest, salt)


def found_in(findings: DocumentFindings, paper: Paper) -> Reading:
    """Put what was found in a paper into the form of a reading, sealed as the truth is."""
    from hwbtext.minutes import find_resolutions

    document, salt = findings.document, paper.doc_id
    low, high = region_of(document, paper)

    def inside(span: CharSpan) -> bool:
        return low <= span.start < high

    def seal(text: str) -> str:
        return seal_of(text, salt)

    def count(number: int | None) -> frozenset[str | None]:
        return frozenset({None if number is None else seal(str(number))})

    def end_of(span: CharSpan, clause: str | None) -> End:
        text = document.text[span.start : span.end]
        texts = tuple(dict.fromkeys((squeeze(text), squeeze(_JOINT.sub("", text)))))
        place = _item_seals(items, span.start, seal)
        label = seal(clause) if clause else None
        return End(frozenset(), label, place, texts=texts, shown=f"[{clause}] {text}")

    items = findings.items
    passages = {passage.passage_id: passage for passage in findings.passages}
    by_id = {item.item_id: item for item in items}
    resolutions = [
        end_of(clause.span, clause.number)
        for resolution in find_resolutions(document, items)
        for clause in resolution.clauses
        if inside(clause.span)
    ]
    acts = [
        end_of(passages[act.prov.passage_id].span, act.clause)
        for act in findings.acts
        if act.prov.passage_id in passages and inside(act.prov.span)
    ]
    votes = []
    for vote in findings.votes:
        # A vote without any count ("carried unanimously") was not counted by the readers.
        if not inside(vote.span) or {vote.n_for, vote.n_against, vote.n_abstain} == {None}:
            continue
        item = by_id.get(vote.item_id or "")
        place = frozenset({seal(item.number), seal(item.title)} if item else ())
        counts = (count(vote.n_for), count(vote.n_against), count(vote.n_abstain))
        place = place or _item_seals(items, vote.span.start, seal)
        votes.append(Ballot(counts, vote.result, place, shown=str(vote)))
    facts = findings.facts
    return Reading(
        items=[
            Item(
                frozenset({seal(item.number)} if item.number else ()),
                frozenset({seal(item.title)}),
                not item.number,
                shown=f"{item.number} | {item.title}",
            )
            for item in items
            if inside(item.span)
        ],
        people=[
            Person(
                frozenset({seal(bare_name(one.name))}),
                frozenset({one.presence}),
                shown=f"{one.name} ({one.presence})",
            )
            for one in findings.attendance
            if inside(one.span)
        ],
        resolutions=resolutions,
        acts=acts,
        actions=[
            Task(
                frozenset(),
                frozenset({seal(action.owner)} if action.owner else ()),
                text=document.text[max(0, span.start - _BEFORE) : span.end],
                shown=document.text[span.start : span.end],
            )
            for action in findings.actions
            if inside(span := action.prov.span)
        ],
        votes=votes,
        close=seal(facts.close_time) if facts.close_time else None,
        date=seal(facts.meeting_date.isoformat()) if facts.meeting_date else None,
    )


def _item_seals(
    items: Sequence[AgendaItem], offset: int, seal: Callable[[str], str]
) -> frozenset[str]:
    """Return number and title of the item that an offset stands in, and of those above it.

    A heading without a number below a numbered item is a part of that item: readers give the
    one or the other as the place of what was decided.
    """
    found = [item for item in items if item.span.start <= offset < item.span.end]
    if found and found[0].level > 1 and not found[0].number:
        above = [item for item in items if item.level == 1 and item.span.start < offset]
        found += above[-1:]
    return frozenset(seal(text) for item in found for text in (item.number, item.title) if text)


# ---- scores ---------------------------------------------------------------------------------


class Counts(NamedTuple):
    """Hits, misses and false hits."""

    hits: int = 0
    missed: int = 0
    false: int = 0

    def plus(self, other: Counts) -> Counts:
        """Return the sums."""
        return Counts(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def precision(self) -> float | None:
        """Return the share of found things that are right; None where nothing was found."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else None

    @property
    def recall(self) -> float | None:
        """Return the share of true things that were found; None where there is none."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else None

    def value(self, measure: str) -> float | None:
        """Return F1, or recall where a measure says so."""
        return self.recall if measure.endswith("(recall)") else self.f1

    @property
    def f1(self) -> float | None:
        """Return the F1; None where nothing is true and nothing was found."""
        n_all = 2 * self.hits + self.missed + self.false
        return 2 * self.hits / n_all if n_all else None


def pair(
    truths: Sequence[Any], found: Sequence[Any], fits: Callable[[Any, Any], bool]
) -> tuple[Counts, list[tuple[Any, Any]]]:
    """Pair true and found things one to one, as many as can be; doubtful ones fill in after.

    Parameters
    ----------
    truths : sequence
        With an attribute ``doubtful``.
    found : sequence
    fits : callable
        Whether a found thing is a true one.

    Returns
    -------
    Counts
        A found thing that fits only a doubtful one is left out.
    list of pairs
        The firm pairs.
    """
    firm = [truth for truth in truths if not truth.doubtful]
    doubtful = [truth for truth in truths if truth.doubtful]
    pairs = _most_pairs(firm, found, fits)
    rest = [thing for index, thing in enumerate(found) if index not in pairs]
    spared = len(_most_pairs(doubtful, rest, fits))
    hits = len(pairs)
    counts = Counts(hits, len(firm) - hits, len(found) - hits - spared)
    return counts, [(firm[truth], found[index]) for index, truth in pairs.items()]


def _most_pairs(
    truths: Sequence[Any], found: Sequence[Any], fits: Callable[[Any, Any], bool]
) -> dict[int, int]:
    """Return a largest pairing, index of found to index of truth (Kuhn 1955)."""
    edges = [[f for f, thing in enumerate(found) if fits(truth, thing)] for truth in truths]
    taken: dict[int, int] = {}

    def place(truth: int, tried: set[int]) -> bool:
        # A free one first: clauses that end alike keep their order.
        for index in sorted(edges[truth], key=lambda index: index in taken):
            if index in tried:
                continue
            tried.add(index)
            if index not in taken or place(taken[index], tried):
                taken[index] = truth
                return True
        return False

    for truth in range(len(truths)):
        place(truth, set())
    return taken


def score(truth: Reading, found: Reading, salt: str) -> dict[str, Counts]:
    """Score one paper by every measure."""
    result: dict[str, Counts] = {}
    # A paper that prints no numbers cannot be right or wrong about them: those are spared.
    numbered = [item._replace(doubtful=item.doubtful or item.bare) for item in truth.items]
    result["items (number)"], _ = pair(
        [item for item in numbered if item.numbers],
        [item for item in found.items if item.numbers],
        lambda t, f: bool(t.numbers & f.numbers),
    )
    result["items (number and title)"], _ = pair(truth.items, found.items, _same_item)

    ends, in_item, begins = _fits(salt)
    result["resolutions (clause end)"], pairs = pair(truth.resolutions, found.resolutions, ends)
    result["resolutions (clause end, in its item)"], placed = pair(
        truth.resolutions, found.resolutions, in_item
    )
    result["clause number, given the clause"] = _given(
        (t.clause, f.clause) for t, f in (placed or pairs)
    )
    # Recall only: minuted sentences outside resolutions are acts too, and nobody counted them.
    acts, _ = pair(truth.resolutions, found.acts, ends)
    result["clauses with an act (recall)"] = acts._replace(false=0)

    result["actions"], tasks = pair(truth.actions, found.actions, begins)
    owned = [(t, f) for t, f in tasks if t.owners or f.owners]
    right = sum(bool(t.owners & f.owners) for t, f in owned)
    result["owner, given the action"] = Counts(
        right,
        sum(bool(t.owners) for t, _ in owned) - right,
        sum(bool(f.owners) for _, f in owned) - right,
    )
    result["attendance (name)"], _ = pair(
        truth.people, found.people, lambda t, f: bool(t.names & f.names)
    )
    result["attendance (name and group)"], _ = pair(truth.people, found.people, _same_person)
    result["votes (all counts)"], ballots = pair(truth.votes, found.votes, _same_vote)
    result["result, given the vote"] = _given(
        (t.result, f.result) for t, f in ballots if t.result is not None
    )
    for measure, true, said in (
        ("close of the meeting", truth.close, found.close),
        ("date of the meeting", truth.date, found.date),
    ):
        if measure not in truth.unscored:
            result[measure] = _given([(true, said)])
    return result


def _fits(salt: str) -> tuple[Callable[[End, End], bool], ...]:
    """Return when a clause ends as the true one does, does so in its item, an action begins so."""

    def ends(t: End, f: End) -> bool:
        return bool(t.ends & f.ends) or any(_ends_in(text, t.ends, salt) for text in f.texts)

    def in_item(t: End, f: End) -> bool:
        return ends(t, f) and (not t.items or bool(t.items & f.items))

    def begins(t: Any, f: Any) -> bool:
        return bool(t.begins & f.begins) or any(_places(f.text, s, salt) for s in t.begins)

    return ends, in_item, begins


def _same_item(truth: Item, found: Item) -> bool:
    if not truth.titles & found.titles:
        return False
    if not truth.numbers:  # unnumbered: a number made up for it is as good as none if in doubt
        return found.bare or truth.doubtful
    return bool(truth.numbers & found.numbers) or (truth.bare and found.bare)


def _same_person(truth: Person, found: Person) -> bool:
    return bool(truth.names & found.names) and bool(truth.groups & found.groups)


def _same_vote(truth: Ballot, found: Ballot) -> bool:
    if truth.items and not truth.items & found.items:
        return False
    return all(bool(t & f) for t, f in zip(truth.counts, found.counts, strict=True))


def _ends_in(text: str, ends: Iterable[str], salt: str) -> bool:
    return any(seal == seal_of(text[-int(seal.partition(":")[0]) :], salt) for seal in ends)


def _given(pairs: Iterable[tuple[str | None, str | None]]) -> Counts:
    """Score single values; silence where nothing is printed is neither right nor wrong."""
    total = Counts()
    for true, said in pairs:
        right = true is not None and true == said
        total = total.plus(
            Counts(int(right), int(true is not None and not right), int(bool(said) and not right))
        )
    return total


Scored = list[tuple[str, dict[str, Counts]]]  # kind of paper, scores of one meeting


def mistakes(paper: Paper, found: Reading, text: str) -> Iterator[str]:
    """Yield what was missed in a paper and found in vain, in its own words.

    Parameters
    ----------
    paper : Paper
        Of a development set: of the others no one is to know.
    found : Reading
        As :func:`found_in` gives it for this paper.
    text : str
        The text of the paper, in which the sealed strings are looked up.
    """
    if paper.part not in DEVELOPMENT:
        message = f"{paper.doc_id} is held out: its mistakes are not to be looked at."
        raise SystemExit(message)
    salt = paper.doc_id
    _, in_item, begins = _fits(salt)
    kept = [(at, character) for at, whole in enumerate(text) for character in squeeze(whole)]
    squeezed = "".join(character for _, character in kept)
    numbers = {seal_of(str(n), salt): str(n) for n in range(200)}

    def plain(seals: Iterable[str | None]) -> str:
        words = []
        for seal in seals:
            at = _places(squeezed, seal, salt) if seal and ":" in seal else []
            end = at[0] + int(str(seal).partition(":")[0]) - 1 if at else 0
            shown = text[kept[max(at[0], end - _SHOWN)][0] : kept[end][0] + 1] if at else str(seal)
            words.append(numbers.get(str(seal), " ".join(shown.split())))
        return " = ".join(sorted(words))

    true = paper.truth
    kinds: tuple[tuple[str, Sequence[Any], Sequence[Any], Callable[[Any, Any], bool]], ...] = (
        ("item", true.items, found.items, _same_item),
        ("clause", true.resolutions, found.resolutions, in_item),
        ("person", true.people, found.people, _same_person),
        ("action", true.actions, found.actions, begins),
        ("vote", true.votes, found.votes, _same_vote),
    )
    for name, truths, things, fits in kinds:
        firm = [truth for truth in truths if not truth.doubtful]
        pairs = _most_pairs(firm, things, fits)
        rest = [thing for index, thing in enumerate(things) if index not in pairs]
        spared = _most_pairs([truth for truth in truths if truth.doubtful], rest, fits)
        for index, truth in enumerate(firm):
            if index not in pairs.values():
                shown = truth[0] if name == "vote" else truth
                parts = [part for part in shown if isinstance(part, frozenset)]
                yield f"missed {name}: " + " | ".join(plain(part) for part in parts)
        for index, thing in enumerate(rest):
            if index not in spared:
                yield f"false {name}: {thing.shown}"


def total(papers: Iterable[dict[str, Counts]], measure: str) -> Counts:
    """Sum one measure over papers."""
    counts = Counts()
    for scores in papers:
        counts = counts.plus(scores.get(measure, Counts()))
    return counts


def interval(papers: Sequence[dict[str, Counts]], measure: str) -> tuple[float, float] | None:
    """Return the 95% interval of F1 over draws of whole meetings; None for very few."""
    counted = [scores for scores in papers if any(scores.get(measure, Counts()))]
    if len(counted) < _FEWEST:
        return None
    draw = random.Random(SEED)
    drawn = sorted(
        value
        for _ in range(DRAWS)
        if (value := total(draw.choices(counted, k=len(counted)), measure).value(measure))
        is not None
    )
    return drawn[int(0.025 * len(drawn))], drawn[int(0.975 * len(drawn)) - 1]


def agreement(papers: Sequence[Paper]) -> tuple[dict[str, Counts], int]:
    """Score the second reader against the first, on the papers that both counted."""
    both = [paper for paper in papers if len(paper.readings) == 2]
    scores = []
    for paper in both:
        first, second = paper.readings
        firm = Reading(
            [item for item in second.items if not item.doubtful],
            [person for person in second.people if not person.doubtful],
            [end for end in second.resolutions if not end.doubtful],
            [],
            [task for task in second.actions if not task.doubtful],
            [ballot for ballot in second.votes if not ballot.doubtful],
            second.close,
            second.date,
        )
        scores.append(score(first, firm, paper.doc_id))
    return {measure: total(scores, measure) for measure in MEASURES}, len(both)


# ---- the report -----------------------------------------------------------------------------


def report(scored: Sequence[tuple[str, Scored]], papers: Sequence[Paper]) -> str:
    """Return the section: for each set of papers one row a measure, one column a kind.

    Parameters
    ----------
    scored : sequence of (str, Scored)
        The sets of papers by name, and the scores of each.
    papers : sequence of Paper
        All papers, for the agreement of the readers.
    """
    _, n_both = agreement(papers)
    lines = [
        "## Grammar of minutes",
        "",
        f"`python -m benchmarks.accuracy.minutes`, {measured_on()}. "
        f"{len(papers)} meetings, model-annotated: counted by language models, not "
        f"people, {n_both} of them by two readers. Each cell: F1 "
        "(precision, recall; true things); a dash where the papers hold none and none was found. "
        "Interval: 95%, 2,000 draws of whole meetings. Readers: F1 of the second reader against "
        "the first. Readings that a reader doubted count neither way.",
    ]
    for part, scores in scored:
        lines += ["", f"### {part.replace('_', ' ').capitalize()} set", "", SETS[part], ""]
        lines += _table(scores, [paper for paper in papers if paper.part == part])
    return "\n".join(lines)


def _table(scored: Scored, papers: Sequence[Paper]) -> Iterator[str]:
    agreed, _ = agreement(papers)
    sizes = {kind: n for kind in KINDS if (n := sum(k == kind for k, _ in scored))}
    yield (
        f"| measure | {' | '.join(f'{kind} ({n})' for kind, n in sizes.items())} "
        f"| all ({len(scored)}) | 95% interval | readers |"
    )
    yield "|---|" + "---|" * (len(sizes) + 3)
    every = [scores for _, scores in scored]
    for measure in MEASURES:
        cells = [
            _cell(total([s for k, s in scored if k == kind], measure), measure) for kind in sizes
        ]
        bounds = interval(every, measure)
        between = f"{bounds[0]:.2f} to {bounds[1]:.2f}" if bounds else "-"
        said = agreed[measure].f1 if not measure.endswith("(recall)") else None
        readers = "-" if said is None else f"{said:.2f}"
        cells.append(_cell(total(every, measure), measure))
        yield f"| {measure} | {' | '.join(cells)} | {between} | {readers} |"


def _cell(counts: Counts, measure: str) -> str:
    value = counts.value(measure)
    if value is None:
        return "-"
    if measure.endswith("(recall)"):
        return f"{value:.2f} ({counts.hits + counts.missed})"
    precision, recall = (
        "-" if value is None else f"{value:.2f}" for value in (counts.precision, counts.recall)
    )
    return f"{value:.2f} ({precision}, {recall}; {counts.hits + counts.missed})"


def main() -> None:
    """Score all papers, and write the section."""
    from hwbtext.analyse import analyse
    from hwbtext.corpus import CorpusFile

    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--dry-run", action="store_true", help="print, and write nothing")
    arguments.add_argument(
        "--show",
        action="store_true",
        help="print the mistakes of the development sets instead, to this terminal only",
    )
    chosen = arguments.parse_args()
    papers = read_truth(TRUTH.read_text(encoding="utf-8").splitlines())
    scored: dict[str, Scored] = {part: [] for part in SETS}
    for paper in papers:
        if chosen.show and paper.part not in DEVELOPMENT:
            continue
        path = chosen.shared / "real" / paper.path
        # The name alone: what folders say of a meeting is no matter of the grammar.
        findings = analyse(CorpusFile(path, path.name))
        if findings.document.doc_id != paper.doc_id:
            message = f"{paper.doc_id}: the file has changed since it was counted."
            raise SystemExit(message)
        found = found_in(findings, paper)
        if chosen.show:
            print(f"\n# {paper.path}")
            print(*mistakes(paper, found, findings.document.text), sep="\n")
        scored[paper.part].append((paper.kind, score(paper.truth, found, paper.doc_id)))
    if chosen.show:
        for part in DEVELOPMENT:
            looked_at = [paper for paper in papers if paper.part == part]
            print("", *_table(scored[part], looked_at), sep="\n")
        return
    body = report(list(scored.items()), papers)
    if not chosen.dry_run:
        write_section("minutes", body)
    print(body)


if __name__ == "__main__":
    main()
