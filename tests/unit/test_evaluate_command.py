"""The body of the command: models by name and directory, JSON, the page, what it refuses."""

import json
from pathlib import Path

import pytest

from hwbtext.errors import InputError, MissingPathError, OutputExistsError
from hwbtext.evaluate import TrainedOn, save_trained_on
from hwbtext.evaluate.command import run_command
from hwbtext.evaluate.models import load_model
from hwbtext.gold import load_gold
from hwbtext.outcomes import lexicon

LEXICON = Path(lexicon.__file__).with_name("lexicon.toml")


@pytest.fixture
def model(tmp_path):
    """A model directory that was trained, it says, on the example gold."""
    folder = tmp_path / "outcome-v1"
    folder.mkdir()
    (folder / "config.json").write_text(
        json.dumps({"schema": 1, "task": "outcome", "kind": "lexicon", "lexicon": "lexicon.toml"})
    )
    (folder / "lexicon.toml").write_bytes(LEXICON.read_bytes())
    gold = load_gold("example")
    save_trained_on(TrainedOn.of(gold.texts, gold.places), folder)
    return folder


@pytest.mark.parametrize("task", ["outcome", "mentions"])
@pytest.mark.parametrize("name", ["default", "lexicon", "majority", "keyword"])
def test_every_named_model_is_scored_on_the_gold_that_comes_with_hwbtext(task, name):
    content = json.loads(run_command("example", task=task, model=name, as_json=True))
    assert content["task"] == task
    assert content["n_seen_in_training"] == 0 or name == "majority"
    assert content["macro_f1"] is not None
    keys = {"per_category", "per_polarity", "polarity_macro_f1"}
    assert keys <= content.keys() if task == "mentions" else "per_class" in content


def test_the_baseline_beside_is_the_baseline_by_name():
    beside = json.loads(run_command("hwb-v1", as_json=True))["baselines"]
    for name in ("majority", "keyword"):
        alone = json.loads(run_command("hwb-v1", model=name, as_json=True))
        assert beside[name]["macro_f1"] == alone["macro_f1"]
        assert beside[name]["per_class"] == alone["per_class"]


def test_a_directory_scored_on_its_training_file_says_so_in_every_form(model, tmp_path):
    page = tmp_path / "page.html"
    content = json.loads(run_command("example", model=str(model), as_json=True, html=page))
    assert content["in_sample"] is True
    assert content["n_seen_in_training"] == sum(part["n"] for part in content["parts"]) == 12
    assert "IN-SAMPLE" in page.read_text(encoding="utf-8")
    assert "IN-SAMPLE" in run_command("example", model=str(model))


def test_a_directory_without_a_record_of_its_training_is_refused(model):
    (model / "trained_on.json").unlink()
    with pytest.raises(MissingPathError, match=r"trained_on\.json"):
        run_command("example", model=str(model))


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("{", "not JSON"),
        ('{"task": "mentions", "kind": "lexicon"}', "task 'outcome'"),
        ('{"schema": 1, "task": "outcome", "kind": "pickle"}', "Got 'pickle'"),
        (
            '{"schema": 1, "task": "outcome", "kind": "lexicon", "lexicon": "../x.toml"}',
            "beside it",
        ),
    ],
)
def test_a_broken_model_directory_is_refused(model, config, said):
    (model / "config.json").write_text(config)
    with pytest.raises(InputError, match=said):
        load_model(str(model), "outcome")


@pytest.mark.parametrize(
    ("task", "name", "known"),
    [
        ("outcome", "nothing", "default, small, large, lexicon, majority, keyword, or the dir"),
        ("mentions", "small", "default, lexicon, majority, keyword."),
    ],
)
def test_a_model_that_is_not_there_is_refused_with_those_that_are(task, name, known):
    with pytest.raises(InputError, match=known):
        run_command("example", task=task, model=name)


@pytest.mark.parametrize("name", ["default", "small", "lexicon"])
def test_a_named_model_says_what_it_is(name):
    assert f"{name} (outcome" in run_command("example", model=name)


def test_the_page_is_never_written_over_somebody_elses_file(tmp_path):
    page = tmp_path / "page.html"
    run_command("example", html=page)
    run_command("example", html=page)  # its own page may be replaced
    page.write_text("mine")
    with pytest.raises(OutputExistsError, match="not written it"):
        run_command("example", html=page)
    assert page.read_text() == "mine"
    with pytest.raises(InputError, match=r"\.html"):
        run_command("example", html=tmp_path / "page.txt")
    with pytest.raises(MissingPathError, match="no folder"):
        run_command("example", html=tmp_path / "no" / "page.html")


def test_control_characters_of_a_gold_file_do_not_reach_the_terminal(tmp_path):
    row = json.loads(
        (Path(__file__).parents[2] / "corpora/gold/example/coded.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()[0]
    )
    rows = [{**row, "id": f"x{n}", "place": f"\x1b[31mDale{n}"} for n in (1, 2)]
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(one) + "\n" for one in rows))
    printed = run_command(gold, model="majority")
    assert "[31mDale1" in printed  # the leak is named
    assert "\x1b" not in printed
