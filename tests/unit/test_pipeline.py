"""The main job: counts that add up, bad input, repeats, resumes."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from coded import coded
from papers import MINUTES, SAMPLE, HashEncoder, make_pdf

import hwbtext as hwb
from hwbtext.batch import Limits
from hwbtext.collect import NoProgress, prepare_folder, read_all
from hwbtext.corpus import Corpus, read_folder
from hwbtext.errors import (
    InputError,
    MissingPathError,
    ModelIntegrityError,
    OutputExistsError,
)
from hwbtext.outcomes import LinearOutcomeClassifier, identify_model
from hwbtext.outcomes.model_files import save_linear
from hwbtext.store import SCHEMAS

pytestmark = pytest.mark.filterwarnings("default")  # what bertopic imports warns


def tables_of(out: Path) -> dict[str, bytes]:
    return {name: (out / f"{name}.parquet").read_bytes() for name in SCHEMAS}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of good papers and of every kind of bad one."""
    folder = tmp_path_factory.mktemp("papers")
    good = make_pdf(MINUTES)
    (folder / "minutes.pdf").write_bytes(good)
    (folder / "copy.pdf").write_bytes(good)
    (folder / "zero.pdf").write_bytes(b"")
    (folder / "truncated.pdf").write_bytes(good[: len(good) // 3])
    (folder / "page.pdf").write_bytes(b"<!DOCTYPE html><html><body>403 Forbidden</body></html>")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "minutes \U0001f600.txt").write_text("The Board noted the report on housing.")
    (folder / ("n" * 251 + ".txt")).write_text("Members agreed the plan for the year.")
    with (folder / "huge.pdf").open("wb") as huge:
        huge.truncate(300 * 1024 * 1024)  # sparse: takes no room on the disk
    (protected,) = SAMPLE.rglob("*protected.pdf")
    shutil.copy(protected, folder / "protected.pdf")
    (scan,) = SAMPLE.rglob("*scan.pdf")
    shutil.copy(scan, folder / "scan.pdf")
    return folder


@pytest.mark.usefixtures("without_tesseract")
def test_counts_add_up_and_every_file_without_text_says_why(papers: Path, tmp_path: Path) -> None:
    report = hwb.mine(papers, tmp_path / "out", encoder=HashEncoder())
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert run["n_in"] == report.n_in == 11
    assert (run["n_success"], run["n_partial"]) == (3, 0)
    assert (run["n_failed"], run["n_skipped"]) == (6, 2)
    issues = hwb.load_table(tmp_path / "out", "issues")
    why = {path: set(group["code"]) for path, group in issues.groupby("path")}
    assert why["zero.pdf"] == {"empty_file"}
    assert why["truncated.pdf"] & {"damaged", "no_text", "no_text_layer"}
    assert why["page.pdf"] == {"html_instead_of_pdf"}
    assert why["huge.pdf"] == {"too_large"}
    assert why["protected.pdf"] == {"encrypted"}
    assert why["scan.pdf"] == {"no_text_layer"}
    assert why["photo.jpg"] == {"unsupported_type"}
    assert why["minutes.pdf"] == {"duplicate"}
    documents = hwb.load_table(tmp_path / "out", "documents")
    (same,) = [paths for paths in documents["paths"] if "copy.pdf" in paths]
    assert list(same) == ["copy.pdf", "minutes.pdf"]
    failed = documents[documents["status"] == "failed"]
    assert len(failed) == 6
    assert set(failed["doc_id"]) <= set(issues["doc_id"])


def test_every_row_leads_back_to_its_characters(papers: Path, tmp_path: Path) -> None:
    hwb.mine(papers, tmp_path / "out", encoder=HashEncoder())
    texts = hwb.load_table(tmp_path / "out", "documents").set_index("doc_id")["text"]
    for name in ("passages", "mentions"):
        frame = hwb.load_table(tmp_path / "out", name)
        for row in frame.itertuples():
            assert texts[row.doc_id][row.start : row.end] == row.text
    passages = set(hwb.load_table(tmp_path / "out", "passages")["passage_id"])
    for name in ("labels", "mentions", "acts", "actions"):
        assert set(hwb.load_table(tmp_path / "out", name)["passage_id"]) <= passages
    assert len(hwb.load_table(tmp_path / "out", "labels")) == len(passages)


@pytest.mark.slow
def test_jobs_order_and_reruns_change_no_byte(tmp_path: Path) -> None:
    corpus = read_folder(SAMPLE)
    backwards = Corpus(corpus.root, corpus.files[::-1])
    hwb.mine(corpus, tmp_path / "one", encoder=HashEncoder())
    hwb.mine(backwards, tmp_path / "two", jobs=2, encoder=HashEncoder())
    one = tables_of(tmp_path / "one")
    assert one == tables_of(tmp_path / "two")
    assert len(hwb.load_table(tmp_path / "one", "topics")) > 500
    report = (tmp_path / "one" / "report.html").read_bytes()
    assert report == (tmp_path / "two" / "report.html").read_bytes()
    hwb.mine(corpus, tmp_path / "one", force=True, encoder=HashEncoder())
    assert tables_of(tmp_path / "one") == one


def test_nothing_of_the_users_is_overwritten_without_force(papers: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match="not empty"):
        hwb.mine(papers, out, encoder=HashEncoder())
    hwb.mine(papers, out, force=True, encoder=HashEncoder())
    assert (out / "notes.txt").read_text() == "mine"
    with pytest.raises(OutputExistsError, match="--force"):
        hwb.mine(papers, out, encoder=HashEncoder())
    with pytest.raises(OutputExistsError, match="is a file"):
        hwb.mine(papers, out / "notes.txt", encoder=HashEncoder())


@pytest.mark.filterwarnings("default")
def test_a_second_run_encodes_only_what_is_new(tmp_path: Path) -> None:
    class Counting(HashEncoder):
        n = 0

        def encode(self, texts, *, progress=None):
            Counting.n += len(texts)
            return super().encode(texts, progress=progress)

    hwb.mine(SAMPLE / "thornley-vale", tmp_path / "out", encoder=Counting())
    once = Counting.n
    first = (tmp_path / "out" / "topics.parquet").read_bytes()
    hwb.mine(SAMPLE / "thornley-vale", tmp_path / "out", force=True, encoder=Counting())
    assert once > 0
    assert Counting.n == once
    assert (tmp_path / "out" / "topics.parquet").read_bytes() == first


def test_a_run_that_was_cut_off_goes_on(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(Exception):
        pass

    class Stop:
        def start(self, stage: str, total: int) -> None:
            if stage.startswith("writing"):
                raise Cut

        def step(self, n: int = 1) -> None:
            pass

    with pytest.raises(Cut):
        hwb.mine(papers, tmp_path / "out", encoder=HashEncoder(), progress=Stop())
    assert not (tmp_path / "out" / "run.json").exists()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a finished paper is read again")

    # Everything was read: the second run must not start a single child.
    monkeypatch.setattr("hwbtext.batch._Child.run", refuse)
    report = hwb.mine(papers, tmp_path / "out", encoder=HashEncoder())
    monkeypatch.undo()
    assert report.n_in == 11
    hwb.mine(papers, tmp_path / "whole", encoder=HashEncoder())
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "whole")
    assert not (tmp_path / "out" / ".parts").exists()


@pytest.fixture(scope="module")
def own_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    gold = coded()
    classifier = LinearOutcomeClassifier().fit(gold.texts, gold.labels, places=gold.places)
    folder = tmp_path_factory.mktemp("models") / "mine-v1"
    return save_linear(classifier, folder, name="mine", version="1")


def test_a_model_of_ones_own_labels_the_run_and_is_named_in_it(
    papers: Path, own_model: Path, tmp_path: Path
) -> None:
    report = hwb.mine(papers, tmp_path / "out", encoder=HashEncoder(), model=own_model)
    labels = hwb.load_table(tmp_path / "out", "labels")
    assert set(labels["annotator"]) == {"mine@1"}
    assert labels["value"].isin(["none", "process", "tangible"]).any()
    assert any("(+" in line for lines in labels["evidence"] for line in lines)
    digest = hashlib.sha256((own_model / "linear.npz").read_bytes()).hexdigest()
    assert report.versions["outcome_model"] == "mine@1"
    assert report.versions["outcome_model_sha256"] == digest
    written = json.loads((tmp_path / "out" / "run.json").read_text())
    assert written["versions"]["outcome_model_sha256"] == digest
    panel = hwb.load_table(tmp_path / "out", "panel")
    n = panel.groupby("measure")["n"].sum()
    assert n["outcome:tangible_strict"] <= n["outcome:tangible_broad"] == n["outcome:tangible"]


def test_another_model_reads_the_papers_anew(own_model: Path, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.txt").write_text("The Board noted the report on housing.")
    file = read_folder(tmp_path / "papers").files[0]
    parts = prepare_folder(tmp_path / "out", force=False)
    for model in ("lexicon", str(own_model), "lexicon"):
        tables, _ = read_all([file], parts, 1, NoProgress(), Limits(), model, None)
        assert {row["annotator"] for row in tables["labels"]} == {identify_model(model).name}
    assert len(list(parts.iterdir())) == 2


def test_a_model_that_cannot_be_used_ends_the_run_before_it_begins(
    papers: Path, own_model: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no outcome classifier 'bert'"):
        hwb.mine(papers, tmp_path / "out", model="bert")
    broken = shutil.copytree(own_model, tmp_path / "broken")
    (broken / "linear.npz").write_bytes(b"")
    with pytest.raises(ModelIntegrityError):
        hwb.mine(papers, tmp_path / "out", model=broken)
    assert not (tmp_path / "out").exists()


def test_a_paper_over_its_time_costs_itself_only(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("The Board noted the report on housing.")
    report = hwb.mine(
        folder, tmp_path / "out", encoder=HashEncoder(), limits=Limits(seconds=0.0001)
    )
    assert report.n_failed == 1
    assert list(hwb.load_table(tmp_path / "out", "issues")["code"]) == [
        "timeout",
        "too_few_passages",
    ]


@pytest.mark.parametrize("n", [0, 1, 30])
def test_few_passages_give_no_topics_but_say_so(tmp_path: Path, n: int) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    words = "\n\n".join(f"Paragraph {i} of the report was about street {i}." for i in range(n))
    (folder / "a.txt").write_text(words)
    hwb.mine(folder, tmp_path / "out")  # the real encoder must not even be loaded
    for name in ("topics", "topic_words", "drift"):
        frame = hwb.load_table(tmp_path / "out", name)
        assert len(frame) == 0
        assert list(frame.columns) == SCHEMAS[name].names
    issues = hwb.load_table(tmp_path / "out", "issues")
    assert "too_few_passages" in set(issues["code"])
    assert "100 distinct passages" in (tmp_path / "out" / "report.html").read_text()


def test_bad_calls_say_what_was_wrong(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="no folder"):
        hwb.mine(tmp_path / "nowhere", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no files"):
        hwb.mine(tmp_path / "empty", tmp_path / "out")
    with pytest.raises(InputError, match="jobs must be 1 or more"):
        hwb.mine(tmp_path / "empty", tmp_path / "out", jobs=0)
    assert not (tmp_path / "out").exists()


def test_results_inside_the_folder_are_not_read_as_papers(papers: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("The Board noted the report on housing.")
    hwb.mine(folder, folder / "out", encoder=HashEncoder())
    report = hwb.mine(folder, folder / "out", force=True, encoder=HashEncoder())
    assert report.n_in == 1


def test_what_is_stated_of_a_copy_counts_and_a_conflict_is_told(tmp_path: Path) -> None:
    for name, site in (("a", "Harbour Town Council"), ("b", "Quay Council")):
        folder = tmp_path / "papers" / name
        folder.mkdir(parents=True)
        (folder / "m.txt").write_text("The Board noted the report on housing.")
        (folder / "metadata.csv").write_text(f"path,site,committee\nm.txt,{site},\n")
    (tmp_path / "papers" / "b" / "metadata.csv").write_text(
        "path,site,committee\nm.txt,Quay Council,Housing Panel\n"
    )
    hwb.mine(tmp_path / "papers", tmp_path / "out", encoder=HashEncoder())
    (row,) = hwb.load_table(tmp_path / "out", "documents").to_dict("records")
    assert (row["site"], row["committee"]) == ("Harbour Town Council", "Housing Panel")
    assert "metadata_disagrees" in set(hwb.load_table(tmp_path / "out", "issues")["code"])


def test_a_finding_stands_on_the_page_of_its_first_character(tmp_path: Path) -> None:
    filler = ["Words that go on about the plan for the town and its streets and"] * 48
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(
        make_pdf([*filler, "of which"], ["it must be said that nobody owns the strategy at all."])
    )
    hwb.mine(folder, tmp_path / "out", encoder=HashEncoder())
    mentions = hwb.load_table(tmp_path / "out", "mentions")
    assert set(mentions["page"]) == {2}


def test_passages_without_words_give_no_topics_but_say_so(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    # Words of one and two letters: passages, but nothing to tell topics apart by.
    text = "\n\n".join(f"It is so as we do {'ab'[i % 2]}{i} it" for i in range(150))
    (folder / "a.txt").write_text(text)
    hwb.mine(folder, tmp_path / "out", encoder=HashEncoder())
    assert "no_topic_words" in set(hwb.load_table(tmp_path / "out", "issues")["code"])
    assert "to tell them apart by" in (tmp_path / "out" / "report.html").read_text()
