"""``hwbtext topics``: from papers, or anew from a run, whose vectors are used again."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from reported import THINGS, invent, write

import hwbtext as hwb
from hwbtext.cli import main
from hwbtext.embed import SentenceEncoder
from hwbtext.errors import InputError
from hwbtext.text import normalize
from hwbtext.topic_run import TopicChoice
from hwbtext.vectors import VectorFile

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("default")  # what bertopic imports warns


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of invented papers with a vector for each passage, near that of its theme."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    rows = invent()
    for number, row in enumerate(rows["passages"]):
        row["text"] += f" Paper {number} of {row['item_title'].lower()} was heard."
    for row in rows["documents"]:
        row["n_pages_ocr"] = 0
    told = asdict(write(folder, rows))
    known = {name: told[name] for name in told if name not in ("out", "seconds", "n_passages")}
    (folder / "run.json").write_text(json.dumps(known))
    rng = np.random.default_rng(0)
    themes = [thing.capitalize() for thing in THINGS]
    texts = {normalize(row["text"]): themes.index(row["item_title"]) for row in rows["passages"]}
    vectors = np.eye(60, dtype=np.float32)[list(texts.values())]
    vectors += rng.normal(0, 0.05, vectors.shape).astype(np.float32)
    encoder = VectorFile(folder / "vectors", SentenceEncoder().model_id)
    encoder.encode(list(texts), lambda some: vectors[: len(some)])
    return folder


@pytest.fixture(scope="module")
def made(run: Path) -> tuple[Path, Result]:
    out = run.parent / "out"
    return out, CliRunner().invoke(main, ["topics", str(run), "-o", str(out), "--n-topics", "6"])


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["topics", *map(str, arguments)])


def test_help_teaches_with_examples() -> None:
    output = invoke("--help").output
    for word in ("cards.html", "drift_calendar", "stability.json", "Examples:", "--anchors study"):
        assert word in output
    assert "exit code" in output


def test_a_run_gets_its_topics_anew_and_stays_as_it_is(
    run: Path, made: tuple[Path, Result]
) -> None:
    out, result = made
    assert result.exit_code == 0, result.output
    assert "6 topics. Stability: fitted anew on half the passages, the topics agree to" in (
        result.output
    )
    assert str(out / "topics" / "cards.html") in result.output
    assert "topic_model" not in {path.name for path in run.iterdir()}
    topics = hwb.load_table(out, "topics")
    assert set(topics["topic"]) <= set(range(-1, 6))
    passages = hwb.load_table(out, "passages").set_index("passage_id")["text"]
    for topic, rows in topics[topics["topic"] >= 0].groupby("topic"):
        themes = {passages[key].rsplit(" of ", 1)[1] for key in rows["passage_id"]}
        assert len(themes) == 1, topic
    panel = hwb.load_table(out, "panel")
    told = topics.dropna(subset=["site_id", "year"])
    assert hwb.load_table(out, "topic_shares")["n"].sum() == len(told)
    assert not panel["measure"].str.startswith("topic:").any()
    assert (panel["measure"] == "outcome:process").any()
    assert json.loads((out / "run.json").read_text())["versions"]["encoder"]
    assert (out / "report.html").is_file()


def test_the_files_say_how_stable_the_topics_are(made: tuple[Path, Result]) -> None:
    out, _ = made
    told = json.loads((out / "topics" / "stability.json").read_text())
    assert told["agreement"] == hwb.load_topic_model(out / "topic_model").agreement
    shuffled = next(row for row in told["refits"] if row["change"] == "shuffled")
    assert shuffled["ari"] == 1.0
    assert {row["change"] for row in told["refits"]} == {"shuffled", "other seeds", "bootstrap"}
    assert (out / "topics" / "shares.png").is_file()
    assert (out / "topics" / "drift.csv").read_text().startswith("kind,measure,topic,topic_words,")


def test_topics_of_a_run_are_kept_unless_others_are_asked_for(
    made: tuple[Path, Result], tmp_path: Path
) -> None:
    out, _ = made
    result = invoke(out, "-o", tmp_path / "again")
    assert result.exit_code == 0, result.output
    for name in ("topics", "topic_words", "topic_shares", "drift", "changepoints", "panel"):
        first = (out / f"{name}.parquet").read_bytes()
        assert (tmp_path / "again" / f"{name}.parquet").read_bytes() == first
    refused = invoke(out, "-o", tmp_path / "other", "--n-topics", "4")
    assert refused.exit_code == 2
    assert "There is a topic model already, of 6 topics" in refused.output
    assert not (tmp_path / "other").exists()
    refitted = invoke(out, "-o", tmp_path / "other", "--n-topics", "4", "--refit-topics")
    assert refitted.exit_code == 0, refitted.output
    assert hwb.load_topic_model(tmp_path / "other" / "topic_model").n_topics == 4


def test_topics_of_other_passages_are_not_refitted_on_these(
    run: Path, made: tuple[Path, Result], tmp_path: Path
) -> None:
    model = made[0] / "topic_model"
    result = invoke(run, "-o", tmp_path / "out", "--topic-model", model)
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "out" / "topics" / "stability.json").read_text())
    assert told["refits"] is None
    assert "other passages" in told["note"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("same", "is the run itself"),
        ("full", "is not empty"),
        ("old", "of an older hwbtext"),
        ("anchors", "no file of anchors"),
        ("missing", "There is no folder"),
    ],
)
def test_what_cannot_start_says_why_and_ends_with_2(
    run: Path, tmp_path: Path, change: str, message: str
) -> None:
    folder, out, more = run, tmp_path / "out", []
    if change == "same":
        out = run
    elif change == "full":
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    elif change == "old":
        folder = tmp_path / "old"
        shutil.copytree(run, folder)
        (folder / "votes.parquet").unlink()
    elif change == "anchors":
        more = ["--anchors", "nothing.toml"]
    else:
        folder = tmp_path / "nothing"
    result = invoke(folder, "-o", out, *more)
    assert result.exit_code == 2, result.output
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert not (out / "topics").exists()


def test_too_few_passages_end_well_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.txt").write_text("The Board noted the report on damp homes.")
    result = invoke(tmp_path / "papers", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "no topics. Topics need 100 distinct passages" in result.output
    page = (tmp_path / "out" / "topics" / "cards.html").read_text(encoding="utf-8")
    assert "There are no topics." in page


class Fixed:
    """An encoder that need not encode."""

    name = "fixed"
    version = "1"
    model_id = "fixed@1"

    def encode(self, texts: Any, *, progress: Any = None) -> Any:
        raise AssertionError(texts)


def test_a_number_of_topics_must_leave_room_for_the_anchors(tmp_path: Path) -> None:
    anchors = {"homes": ("damp homes",), "food": ("school meals",), "work": ("good work",)}
    with pytest.raises(InputError, match="n_topics must be 3 or more"):
        TopicChoice(False, None, 0, 2, anchors).check(tmp_path, Fixed())
    TopicChoice(False, None, 0, 3, anchors).check(tmp_path, Fixed())


def test_papers_are_mined_and_anchors_are_looked_for(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    says = (
        "Members heard that {} homes on the estate were damp and cold.",
        "The dentist at the school had seen {} children with tooth decay.",
        "A walk for {} people with dementia and their carers was planned.",
    )
    lines = [
        says[n % 3].format(f"{n + 2}") + f" Ward {'abcdefghijklm'[n % 13]}." for n in range(120)
    ]
    (papers / "a.txt").write_text("\n\n".join(lines))
    anchors = tmp_path / "own.toml"
    anchors.write_text('["teeth"]\nphrases = ["tooth decay of children", "dentists"]\n')
    out = tmp_path / "out"
    result = invoke(papers, "-o", out, "--n-topics", "3", "--anchors", anchors)
    assert result.exit_code == 0, result.output
    model = hwb.load_topic_model(out / "topic_model")
    assert model.n_topics == 3
    (topic,) = [number for number, anchor in enumerate(model.anchors) if anchor == "teeth"]
    topics = hwb.load_table(out, "topics").set_index("passage_id")
    passages = hwb.load_table(out, "passages").set_index("passage_id")["text"]
    teeth = passages[topics.index[topics["topic"] == topic]]
    assert teeth.str.contains("dentist").mean() > 0.9
    page = (out / "topics" / "cards.html").read_text(encoding="utf-8")
    assert ", looked for</small> teeth</h3>" in page
    told = json.loads((out / "topics" / "stability.json").read_text())
    assert told["refits"] is None
    assert "Refits need 200 distinct passages" in told["note"]
