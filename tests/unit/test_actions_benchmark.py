"""The scores of actions: kinds, owners and dues, and what a reader doubted."""

from __future__ import annotations

import json

import pytest

from benchmarks.accuracy import actions
from benchmarks.accuracy.actions import Task
from benchmarks.accuracy.minutes import Counts, seal_of

SALT = "0123456789abcdef"


def some(*texts):
    return frozenset(seal_of(text, SALT) for text in texts)


def true(begins, kind="told", **fields):
    parts = {"owners": some("Clerk"), "dues": frozenset(), "dates": frozenset(), **fields}
    return Task(some(begins), kind=kind, **parts)


def said(text, kind="told", **fields):
    parts = {"owners": some("Clerk"), "dues": frozenset(), "dates": frozenset(), **fields}
    return Task(frozenset(), kind=kind, text=text, **parts)


def test_a_hit_counts_for_the_kind_of_the_truth_and_a_false_one_for_its_own():
    truths = [true("Clerk to write"), true("AB to call", "explicit")]
    found = [said("Clerk to write to us", "explicit"), said("Mr Elm to sing", "told")]
    scores = actions.score(truths, found, SALT)
    assert scores["actions"] == Counts(1, 1, 1)
    assert scores["actions, told"] == Counts(1, 0, 1)
    assert scores["actions, explicit"] == Counts(0, 1, 0)


def test_what_a_reader_doubted_counts_neither_way():
    truths = [true("Clerk to write", doubtful=True)]
    assert actions.score(truths, [said("Clerk to write")], SALT)["actions"] == Counts(0, 0, 0)
    assert actions.score(truths, [], SALT)["actions"] == Counts(0, 0, 0)


def test_owner_and_date_of_a_hit():
    truths = [true("Clerk to write", dates=some("2024-05-03"), dues=some("by 3 May"))]
    found = [said("Clerk to write", owners=some("Chair"), dates=some("2024-05-01", "2024-05-03"))]
    scores = actions.score(truths, found, SALT)
    assert scores["owner, given the action"] == Counts(0, 1, 1)
    assert scores["action with its owner"] == Counts(0, 1, 1)
    assert scores["due date, given the action"].f1 == 1.0
    assert scores["due as written, given the action"] == Counts(0, 1, 0)


def test_mistakes_of_a_held_out_paper_are_not_shown():
    meeting = actions.Meeting("a.txt", SALT, "parish", "held_out", (), None)
    with pytest.raises(SystemExit, match="held out"):
        list(actions.mistakes(meeting, [], ""))


def test_the_truth_file_is_sealed():
    for line in actions.TRUTH.read_text(encoding="utf-8").splitlines():
        for task in json.loads(line)["actions"]:
            seals = [*task["begins"], *task["owners"], *filter(None, [task.get("due")])]
            assert all(seal.partition(":")[0].isdigit() for seal in seals)
