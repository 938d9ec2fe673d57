"""Agreement figures equal definitions written out pair by pair, and the libraries' where right."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from hwbtext.evaluate.agreement import (
    alpha_u,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from hwbtext.evaluate.agreement_ratings import cluster_sums, read_ratings
from hwbtext.evaluate.agreement_spans import alpha_u_1995
from hwbtext.evaluate.agreement_statistics import NOMINAL

NEAR = {"abs": 1e-9, "rel": 0}
LABELS = "wxyz"


@st.composite
def code_tables(draw, *, missing=True):
    n_coders = draw(st.integers(2, 5))
    code = st.sampled_from([*LABELS, None] if missing else [*LABELS])
    rows = draw(st.lists(st.tuples(*[code] * n_coders), min_size=1, max_size=15))
    return pd.DataFrame(rows, columns=[f"coder {n}" for n in range(n_coders)], dtype=object)


def codes_by_unit(table):
    rows = [[code for code in row if code is not None] for row in table.to_numpy().tolist()]
    return [row for row in rows if row]


def slow_percent(table):
    shares = []
    for first, second in combinations(table.columns, 2):
        both = [(a, b) for a, b in zip(table[first], table[second], strict=True) if a and b]
        if both:
            shares.append(sum(a == b for a, b in both) / len(both))
    return sum(shares) / len(shares) if shares else None


def slow_cohen(table):
    kappas = []
    for first, second in combinations(table.columns, 2):
        both = [(a, b) for a, b in zip(table[first], table[second], strict=True) if a and b]
        if not both or len({code for pair in both for code in pair}) == 1:
            continue
        kappas.append(cohen_kappa_score(*zip(*both, strict=True)))
    return sum(kappas) / len(kappas) if kappas else None


def slow_alpha(table):
    units = [codes for codes in codes_by_unit(table) if len(codes) >= 2]
    values = [code for codes in units for code in codes]
    if len(set(values)) < 2:
        return None
    observed = sum(
        sum(a != b for a, b in permutations(codes, 2)) / (len(codes) - 1) for codes in units
    ) / len(values)
    pairs = list(permutations(values, 2))
    return 1 - observed / (sum(a != b for a, b in pairs) / len(pairs))


def slow_gwet(table, *, ac1):
    units = codes_by_unit(table)
    pairable = [codes for codes in units if len(codes) >= 2]
    used = sorted({code for codes in units for code in codes})
    if not pairable or len(used) < 2:
        return None
    observed = np.mean([np.mean([a == b for a, b in permutations(c, 2)]) for c in pairable])
    share = {k: np.mean([codes.count(k) / len(codes) for codes in units]) for k in used}
    if ac1:
        chance = sum(p * (1 - p) for p in share.values()) / (len(used) - 1)
    else:
        chance = sum(p * p for p in share.values())
    return (observed - chance) / (1 - chance)


@given(code_tables())
def test_each_figure_is_its_definition_with_missing_codes(table):
    for statistic, slow in (
        (percent_agreement, slow_percent(table)),
        (cohen_kappa, slow_cohen(table)),
        (krippendorff_alpha, slow_alpha(table)),
        (fleiss_kappa, slow_gwet(table, ac1=False)),
        (gwet_ac1, slow_gwet(table, ac1=True)),
    ):
        figure = statistic(table)
        if slow is None:
            assert figure.value is None, figure
            assert figure.reason
        else:
            assert figure.value == pytest.approx(slow, **NEAR), figure


@given(code_tables(missing=False))
def test_fleiss_is_statsmodels_where_every_coder_coded(table):
    assume(len(set(table.to_numpy().ravel())) > 1)
    counts, _ = inter_rater.aggregate_raters(
        table.map(LABELS.index).to_numpy(dtype=int), n_cat=len(LABELS)
    )
    assert fleiss_kappa(table).value == pytest.approx(inter_rater.fleiss_kappa(counts), **NEAR)


@given(code_tables(), st.randoms(use_true_random=False))
def test_order_of_units_and_coders_and_names_of_codes_change_nothing(table, random):
    rows, columns, names = list(table.index), list(table.columns), list(LABELS)
    for order in (rows, columns, names):
        random.shuffle(order)
    renamed = dict(zip(LABELS, names, strict=True)) | {None: None}
    other = pd.DataFrame(
        [[renamed[table.loc[row, column]] for column in columns] for row in rows],
        columns=columns,
        dtype=object,
    )
    for statistic in (
        percent_agreement, cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha,
    ):  # fmt: skip
        before, after = statistic(table), statistic(other)
        assert (before.value is None) == (after.value is None)
        assert before.value is None or after.value == pytest.approx(before.value, **NEAR)
        assert before.n_pairable == after.n_pairable


@given(code_tables(), st.data())
def test_a_resample_is_the_table_with_its_documents_so_often(table, data):
    n_clusters = data.draw(st.integers(1, 4))
    n = len(table)
    clusters = data.draw(st.lists(st.integers(0, n_clusters - 1), min_size=n, max_size=n))
    present = sorted(set(clusters))
    times = data.draw(
        st.lists(st.integers(0, 3), min_size=len(present), max_size=len(present)).filter(any)
    )
    rows = [
        row for row, cluster in enumerate(clusters) for _ in range(times[present.index(cluster)])
    ]
    repeated = table.iloc[rows].reset_index(drop=True)
    weighted = cluster_sums(read_ratings(table, labels=LABELS, clusters=clusters)).weighted(
        np.array([times], dtype=float)
    )
    pooled = cluster_sums(read_ratings(repeated, labels=LABELS)).pooled()
    for name, formula in NOMINAL.items():
        assert formula(weighted)[0] == pytest.approx(formula(pooled)[0], nan_ok=True, **NEAR), name


@st.composite
def marked_texts(draw):
    coders = [f"coder {n}" for n in range(draw(st.integers(2, 4)))]
    texts, lengths = [], []
    for _ in range(draw(st.integers(1, 3))):
        length = draw(st.integers(1, 9))
        found = {}
        for coder in coders:
            if draw(st.booleans()) or not found:
                cuts = sorted(draw(st.sets(st.integers(0, length), max_size=4)))
                found[coder] = list(zip(cuts[::2], cuts[1::2], strict=False))
        texts.append(found)
        lengths.append(length)
    return texts, lengths


def slow_alpha_u(texts, lengths):
    """Pair every character with every other but those of the same span."""
    differing, atoms = 0.0, []
    for number, (found, length) in enumerate(zip(texts, lengths, strict=True)):
        if len(found) < 2:
            continue
        marks = {}
        for coder, spans in found.items():
            for at in range(length):
                span = next((s for s in spans if s[0] <= at < s[1]), None)
                marks[coder, at] = span is not None
                atoms.append((span is not None, (number, coder, span or at)))
        for at in range(length):
            for first, second in permutations(found, 2):
                differing += (marks[first, at] != marks[second, at]) / (len(found) - 1)
    pairs = [(a, b) for a, b in permutations(atoms, 2) if a[1] != b[1]]
    by_chance = sum(a[0] != b[0] for a, b in pairs)
    if not by_chance:
        return None
    return 1 - (differing / len(atoms)) / (by_chance / len(pairs))


@given(marked_texts())
def test_alpha_u_is_its_definition(marked):
    texts, lengths = marked
    slow = slow_alpha_u(texts, lengths)
    figure = alpha_u(texts, lengths)
    if slow is None:
        assert figure.value is None
        assert figure.reason
    else:
        assert figure.value == pytest.approx(slow, **NEAR)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_alpha_u_of_single_characters_is_the_nominal_alpha(rows):
    table = pd.DataFrame(rows, columns=list("abc")).astype(object)
    spans = {
        coder: [(at, at + 1) for at, marked in enumerate(table[coder]) if marked] for coder in table
    }
    nominal = krippendorff_alpha(table).value
    found = alpha_u([spans], [len(table)]).value
    assert (nominal is None) == (found is None)
    assert nominal is None or found == pytest.approx(nominal, **NEAR)


@given(marked_texts())
def test_alpha_u_of_1995_is_one_for_equal_spans_and_never_more(marked):
    texts, lengths = marked
    found, length = texts[0], lengths[0]
    assume(len(found) >= 2)
    value = alpha_u_1995(found, length)
    assert value is None or value <= 1
    same = dict.fromkeys(found, next(iter(found.values())))
    equal = alpha_u_1995(same, length)
    assert equal is None or equal == 1
