"""Samples with known probabilities, the training pool beside them, and how wide is how many."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from hwbtext.coding import (
    expected_f1_interval,
    expected_interval,
    join_samples,
    load_passages,
    load_plan,
    n_for_width,
    pick_training,
    plan_sample,
    save_plan,
)
from hwbtext.coding.drawing import allocate, draw_systematic, thin
from hwbtext.errors import GoldError, InputError
from hwbtext.gold import GoldSample, GoldUnit
from hwbtext.records import CharSpan, Passage
from hwbtext.store import write_table


def make_rows(sizes: dict[tuple[str, int], list[int]]) -> list[dict[str, object]]:
    """Passages of documents whose lengths are given by site and year."""
    rows = []
    for (site, year), lengths in sizes.items():
        for document, length in enumerate(lengths):
            doc_id = f"{site}-{year}-{document}"
            rows += [
                {
                    "passage_id": f"{doc_id}:{at}",
                    "doc_id": doc_id,
                    "start": at,
                    "end": at + 1,
                    "site": site,
                    "year": year,
                    "item_title": f"Item {at // 10}",
                    "fragment": False,
                    "text": f"The Board of {site} noted paper {at} of report {document}, {year}.",
                }
                for at in range(length)
            ]
    return rows


ROWS = make_rows(
    {("Carrow", 2018): [30, 20], ("Carrow", 2019): [40], ("Westholme", 2019): [8, 200]}
)


def test_same_passages_in_any_order_give_the_same_sample():
    shuffled = ROWS[:]
    random.Random(5).shuffle(shuffled)
    plan = plan_sample(ROWS, 40, seed=3)
    assert plan_sample(shuffled, 40, seed=3) == plan
    assert plan_sample(pd.DataFrame(shuffled), 40, seed=3) == plan
    assert plan_sample(ROWS, 40, seed=4).units != plan.units


def test_cells_get_their_share_and_at_least_the_minimum():
    plan = plan_sample(ROWS, 40)
    drawn = {cell.name: cell.n_drawn for cell in plan.cells}
    assert sum(drawn.values()) == len(plan) == 40
    assert plan.by == ("site", "year")
    assert min(drawn.values()) >= 2
    assert drawn["Westholme · 2019"] > drawn["Carrow · 2018"] > 2
    equal = plan_sample(ROWS, 39, allocation="equal")
    assert {cell.n_drawn for cell in equal.cells} == {13}
    assert Counter(unit.cell for unit in equal.units) == {c.name: 13 for c in equal.cells}


def test_weights_are_inverse_probabilities_and_estimate_the_frame_without_bias():
    totals, shares = [], []
    for seed in range(150):
        plan = plan_sample(ROWS, 30, seed=seed)
        weights = plan.weights
        assert weights == tuple(1 / unit.prob for unit in plan.units)
        totals.append(sum(weights))
        shares.append(
            sum(w for w, u in zip(weights, plan.units, strict=True) if u.site == "Westholme")
        )
    # 208 of 298 passages are Westholme's, most in one pack, which is thinned.
    assert np.mean(totals) == pytest.approx(298, rel=0.03)
    assert np.mean(shares) == pytest.approx(208, rel=0.04)


def test_each_passage_is_drawn_as_often_as_its_probability_says():
    n_runs = 800
    counts: Counter[str] = Counter()
    probs: dict[str, float] = {}
    rows = make_rows({("Carrow", 2018): [6, 30]})
    for seed in range(n_runs):
        for unit in plan_sample(rows, 8, seed=seed, most_per_document=5).units:
            counts[unit.passage_id] += 1
            probs[unit.passage_id] = unit.prob
    assert len(probs) == 36  # none has probability nought
    for passage_id, prob in probs.items():
        assert counts[passage_id] / n_runs == pytest.approx(prob, abs=5 * (0.25 / n_runs) ** 0.5)
    assert len(set(probs.values())) == 2


def test_one_long_pack_does_not_flood_its_cell():
    rows = make_rows({("Carrow", 2018): [300, 10, 10, 10, 10]})
    for seed in range(20):
        plan = plan_sample(rows, 30, seed=seed, most_per_document=6)
        assert len(plan) == 30
        drawn = Counter(unit.passage_id.split(":")[0] for unit in plan.units)
        assert drawn["Carrow-2018-0"] == 6
    # Where the others cannot fill the cell the pack gives more, and the design says so.
    plan = plan_sample(rows, 60, most_per_document=6)
    assert "more in 1 that had too few documents" in plan.design
    assert len(plan) == 60


def test_more_cells_than_n_allows_are_an_order_instead():
    rows = make_rows({(f"Site{s:02}", 2010 + y): [12] for s in range(10) for y in range(6)})
    plan = plan_sample(rows, 40)
    assert len(plan.cells) == 10
    assert "ordered by year" in plan.design
    assert {unit.prob for unit in plan.units} == {40 / 720}
    assert {cell.n_drawn for cell in plan.cells} == {4}
    few = plan_sample(rows, 5)
    assert few.design.startswith("Not stratified; ordered by site, year")
    assert len({unit.site for unit in few.units}) == 5


def test_fragments_and_broken_texts_are_left_out_and_copies_count_once():
    rows = make_rows({("Carrow", 2018): [5], ("Westholme", 2018): [5]})
    for row in rows[:2]:
        row["text"] = "RESOLVED – That the report be noted."
    rows[5]["text"] = "resolved -  that the report be noted."
    rows[2]["fragment"] = True
    rows[3]["text"] = "The caf\ufffd was opened by the Chair in June."
    rows[4]["text"] = "  "
    plan = plan_sample(rows, 6, by=())
    assert plan.n_frame == 6
    assert [(part.n, part.reason.split()[0]) for part in plan.left_out] == [
        (1, "a"), (1, "without"), (1, "with"), (1, "a"),
    ]  # fmt: skip
    copies = {unit.passage_id: unit.copies for unit in plan.units}
    # The other board noted a report too: that is another passage.
    assert copies["Carrow-2018-0:0"] == 2
    assert copies["Westholme-2018-0:0"] == 1
    assert "Carrow-2018-0:1" not in copies


def test_context_is_of_the_same_item_only():
    plan = plan_sample(make_rows({("Carrow", 2018): [12]}), 12)
    by_start = {unit.passage_id: unit for unit in plan.units}
    first, ninth, tenth = (by_start[f"Carrow-2018-0:{at}"] for at in (0, 9, 10))
    assert first.before is None
    assert "paper 1 of" in first.after
    assert "paper 8 of" in ninth.before
    assert ninth.after is None
    assert tenth.before is None


def test_missing_site_and_year_are_a_cell_of_their_own():
    rows = make_rows({("Carrow", 2018): [4]})
    for row in rows[:2]:
        row.update(site=None, year=float("nan"), text=row["text"] + " Anon.")
    plan = plan_sample(pd.DataFrame(rows), 4)
    assert {cell.name for cell in plan.cells} == {"Carrow · 2018", "not told · not told"}
    assert {unit.place for unit in plan.units} == {"Carrow", "not told"}


def test_passages_themselves_can_be_drawn():
    passages = [
        Passage(f"d:{at}", "d", CharSpan(at, at + 9), f"The Board noted paper {at}.", 1)
        for at in range(9)
    ]
    assert len(plan_sample(passages, 3, by=())) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 0}, "n must be a whole number of at least 1. Got 0"),
        ({"n": 500}, "n must be at most 298"),
        ({"seed": -1}, "seed must be"),
        ({"by": ("region",)}, "lack region"),
        ({"by": "site"}, "sequence of column names"),
        ({"by": ("site", "site")}, "each column once"),
        ({"allocation": "neyman"}, "proportional, equal. Got 'neyman'"),
    ],
)
def test_wrong_arguments_say_what_would_work(change, words):
    with pytest.raises(InputError, match=words):
        plan_sample(ROWS, **({"n": 10} | change))


def test_an_id_that_stands_twice_is_refused():
    with pytest.raises(InputError, match="1 stand more than once: Carrow-2018-0:0"):
        plan_sample([*ROWS, ROWS[0]], 10)


def test_plan_survives_its_file(tmp_path):
    plan = plan_sample(ROWS, 20)
    save_plan(plan, tmp_path / "plan.jsonl")
    assert load_plan(tmp_path / "plan.jsonl") == plan
    text = (tmp_path / "plan.jsonl").read_text()
    (tmp_path / "bad.jsonl").write_text(text.replace('"prob": 0', '"prob": 7', 1))
    with pytest.raises(InputError, match=r"unit 1: prob must be above 0 and at most 1, and is 7"):
        load_plan(tmp_path / "bad.jsonl")
    (tmp_path / "none.jsonl").write_text("[1]\n")
    with pytest.raises(InputError, match="no plan"):
        load_plan(tmp_path / "none.jsonl")


def test_draws_are_exact_where_floats_would_drift():
    assert len(draw_systematic([Fraction(1, 49)] * 49 * 7, 0.999_999)) == 7
    chances, cap = thin({"a": 3, "b": 97}, 50, 10)
    assert cap == 47
    assert sum(chances[d] * n for d, n in {"a": 3, "b": 97}.items()) == 50
    assert allocate({"a": 1, "b": 1, "c": 1}, 2, allocation="equal", minimum=0) == {
        "a": 1, "b": 1, "c": 0,
    }  # fmt: skip


class Unsure:
    """Least sure of the papers with the lowest numbers."""

    def predict_proba(self, texts):
        top = [0.5 + min(int(t.split("paper ")[1].split()[0]), 100) / 250 for t in texts]
        return np.array([[p, 1 - p] for p in top])


def test_training_picks_the_least_certain_and_refuses_the_estimation_pool():
    rows = make_rows({("Carrow", 2018): [20, 20]})
    estimation = plan_sample(rows, 10, by=())
    training = pick_training(Unsure(), rows, 12, estimation=(estimation,))
    assert (training.pool, len(training)) == ("training", 10)  # five of each document
    assert {unit.prob for unit in training.units} == {None}
    assert {unit.stratum for unit in training.units} == {"uncertain"}
    drawn = {unit.passage_id for unit in estimation.units}
    assert not drawn & {unit.passage_id for unit in training.units}
    assert training.left_out[-1].n == 10
    free = sorted(int(r["start"]) for r in rows if r["passage_id"] not in drawn)
    picked = sorted(int(unit.passage_id.split(":")[1]) for unit in training.units)
    assert max(picked) <= free[19]
    with pytest.raises(InputError, match="training pool: its units have no weight"):
        _ = training.weights


def test_a_text_of_the_estimation_pool_is_refused_under_another_id():
    rows = make_rows({("Carrow", 2018): [4], ("Westholme", 2018): [4]})
    rows[4]["text"] = rows[0]["text"]
    gold = GoldSample("g", (make_unit("x", str(rows[0]["text"]), "estimation", 0.5),))
    training = pick_training(Unsure(), rows, 8, estimation=(gold,))
    assert {"Carrow-2018-0:0", "Westholme-2018-0:0"}.isdisjoint(
        unit.passage_id for unit in training.units
    )
    assert len(training) == 6


def test_probabilities_of_another_shape_are_refused():
    class Wrong:
        def predict_proba(self, texts):
            return np.ones((len(texts), 1))

    with pytest.raises(InputError, match="at least two classes"):
        pick_training(Wrong(), ROWS, 5, estimation=())
    with pytest.raises(InputError, match="must be a sequence"):
        pick_training(Unsure(), ROWS, 5, estimation=plan_sample(ROWS, 5))


def make_unit(unit_id, text, pool, prob):
    return GoldUnit(
        unit_id, text, "Carrow", "Carrow", 2018, None, "systematic", (), None, pool=pool, prob=prob
    )


def test_pools_are_joined_beside_each_other_and_never_into_each_other():
    drawn = GoldSample("drawn", (make_unit("a", "One.", "estimation", 0.1),), "people")
    picked = GoldSample("picked", (make_unit("b", "Two.", "training", None),), "people")
    both = join_samples(drawn, picked)
    assert [unit.pool for unit in both.units] == ["estimation", "training"]
    assert both.annotators == "people"
    said = dataclasses.replace(picked, annotators="model-annotated")
    assert join_samples(drawn, said).annotators == "mixed"
    for other, words in (
        (make_unit("c", "one. ", "training", None), "in the estimation pool too"),
        (make_unit("a", "Two.", "training", None), "the id stands twice"),
        (make_unit("c", "Two.", "training", 0.2), "prob 0.2 in the training pool"),
        (make_unit("c", "Two.", "estimation", None), "no prob"),
        (make_unit("c", "Two.", "estimation", 0.2), "both have estimation units"),
    ):
        with pytest.raises(GoldError, match=words) as caught:
            join_samples(drawn, GoldSample("other", (other,)))
        assert caught.value.problems


@pytest.mark.parametrize(("n", "share", "effect"), [(200, 0.07, 2.0), (50, 0.0, 1.0), (9, 1, 3.0)])
def test_expected_interval_is_wilsons_on_the_effective_n(n, share, effect):
    found = expected_interval(n, share, design_effect=effect)
    low, high = proportion_confint(share * n / effect, n / effect, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_n_for_width_is_the_inverse():
    for width, share in ((0.1, 0.5), (0.05, 0.07), (0.3, 0.0)):
        n = n_for_width(width, share)
        assert expected_interval(n, share).width <= width
        assert n == 1 or expected_interval(n - 1, share).width > width


def test_interval_of_f1_covers_what_simulation_gives():
    """Coded passages drawn anew: 95% of their F1s lie about where the plan says."""
    rng = np.random.default_rng(0)
    n, share, f1 = 600, 0.2, 0.7
    expected = expected_f1_interval(n, share, f1, design_effect=1.0)
    hits = share * f1
    misses = share * (1 - f1)
    counts = rng.multinomial(n, [hits, misses, misses, 1 - hits - 2 * misses], size=4000)
    found = 2 * counts[:, 0] / (2 * counts[:, 0] + counts[:, 1] + counts[:, 2])
    inside = np.mean((found >= expected.low) & (found <= expected.high))
    assert 0.93 <= inside <= 0.97


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: expected_interval(0, 0.1), "n must be at least 1"),
        (lambda: expected_interval(10, 7), "0.07 for 7%"),
        (lambda: expected_interval(10, 0.1, design_effect=0.5), "at least 1"),
        (lambda: n_for_width(0, 0.1), "width must lie in"),
        (lambda: n_for_width(1e-6, 0.1), "more than 10,000,000"),
        (lambda: expected_f1_interval(10, 0, 0.5), "share must be above 0"),
        (lambda: expected_f1_interval(10, 0.1, 1.5), "f1 must lie"),
    ],
)
def test_plans_of_precision_refuse_what_cannot_be(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_table_of_a_run_has_what_the_kit_needs(tmp_path):
    base = {"doc_id": "d", "site_id": "s", "year": 2019, "doc_kind": "minutes"}
    document = {**base, "site": "Carrow", "sha256": "a" * 64, "paths": ["x.pdf"]}
    place = {"passage_id": "d:0-9", "start": 0, "end": 9, "fragment": False}
    write_table([document], "documents", tmp_path)
    write_table([{**base, **place, "text": "It was noted."}], "passages", tmp_path)
    frame = load_passages(tmp_path)
    assert frame.loc[0, ["site", "doc_sha256", "doc"]].tolist() == ["Carrow", "a" * 64, "x.pdf"]
    unit = plan_sample(frame, 1).units[0]
    assert (unit.site, unit.year, unit.doc, unit.doc_end) == ("Carrow", 2019, "x.pdf", 9)
