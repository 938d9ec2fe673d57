"""What every detector of mentions keeps to: pure, picklable, offsets that point at the text."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest

from hwbtext.mentions import default_detectors, rule_detectors
from hwbtext.records import CATEGORIES, POLARITIES, CharSpan, Passage

TEXT = (
    "Nobody owns the strategy, and the Harbour Trust was not held to account for its delays. "
    "The Chair’s deputy would circulate the figures; health inequalities were getting worse. "
    "ACTION: All partners to tackle inequalities – by June."
)


ALL = (*default_detectors(), *rule_detectors())


@pytest.fixture(params=ALL, ids=lambda detector: detector.name)
def detector(request):
    return request.param


@pytest.fixture
def passage():
    return Passage("d:40-", "d", CharSpan(40, 40 + len(TEXT)), TEXT, page=2)


def test_name_version_and_category(detector):
    assert detector.name
    assert detector.version
    assert detector.category in CATEGORIES
    assert detector.annotator == f"{detector.name}@{detector.version}"


def test_names_differ():
    assert len({detector.name for detector in ALL}) == len(ALL)


def test_finds_something_that_points_at_its_text(detector, passage):
    mentions = detector.detect(passage)
    assert mentions, "it cannot pass by finding nothing"
    for mention in mentions:
        start, end = mention.prov.span
        assert passage.span.start <= start < end <= passage.span.end
        assert TEXT[start - 40 : end - 40] == mention.text
        assert mention.prov.doc_id == "d"
        assert mention.prov.passage_id == passage.passage_id
        assert mention.category == detector.category
        assert mention.polarity in POLARITIES
        assert mention.annotator == detector.annotator
        assert mention.rule_id


def test_reading_order_without_overlap(detector, passage):
    spans = [mention.prov.span for mention in detector.detect(passage)]
    assert spans == sorted(spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_pure(detector, passage):
    before = repr(passage)
    assert detector.detect(passage) == detector.detect(passage)
    assert repr(passage) == before


def test_picklable(detector, passage):
    copy = pickle.loads(pickle.dumps(detector))
    assert copy.detect(passage) == detector.detect(passage)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "…", "1,204"])
def test_nothing_to_find_is_an_empty_tuple(detector, text):
    assert detector.detect(Passage("d", "d", CharSpan(0, len(text)), text, page=None)) == ()
