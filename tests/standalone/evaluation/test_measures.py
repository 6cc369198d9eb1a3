"""What the measures say of orders whose worth is known by hand."""

from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory_standalone.evaluation.gates import Gate, failures
from backstory_standalone.evaluation.measures import figures, ndcg, recall, reciprocal_rank
from backstory_standalone.evaluation.peers import installed
from backstory_standalone.reading import Unreadable

GAINS = {"a": 2.0, "b": 1.0}


def test_the_best_order_is_worth_one_and_a_useless_one_nothing() -> None:
    assert ndcg(["a", "b", "x"], GAINS, 10) == 1
    assert ndcg(["x", "y"], GAINS, 10) == 0


def test_gains_are_discounted_by_rank() -> None:
    best = 2 + 1 / log2(3)

    assert ndcg(["b", "x", "a"], GAINS, 10) == pytest.approx((1 + 2 / log2(4)) / best)
    assert ndcg(["x", "a"], GAINS, 1) == 0


def test_recall_counts_what_is_there_and_mrr_the_first() -> None:
    assert recall(["x", "b", "y", "a"], GAINS, 3) == 0.5
    assert reciprocal_rank(["x", "b", "a"], GAINS, 10) == 0.5
    assert reciprocal_rank(["x", "y"], GAINS, 10) == 0


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_the_mean_lies_in_its_interval(found: list[bool]) -> None:
    run = [["a"] if hit else ["x"] for hit in found]

    figure = figures(run, [{"a": 1.0}] * len(run))["ndcg@10"]

    assert 0 <= figure.low <= figure.mean <= figure.high <= 1


def test_more_questions_make_it_surer() -> None:
    few, many = ([["a"], ["x"]] * count for count in (10, 200))

    spans = [
        figure.high - figure.low
        for figure in (figures(run, [{"a": 1.0}] * len(run))["mrr@10"] for run in (few, many))
    ]

    assert spans[0] > spans[1] > 0


def test_gates_fail_what_finds_less_or_was_not_measured() -> None:
    systems = {"hybrid": {"ndcg@10": 0.61}}

    asked = ("hybrid:ndcg@10=0.6", "hybrid:ndcg@10=.7", "bm25s:mrr@10=0")
    gates = [Gate.parse(text, ["hybrid", "bm25s"]) for text in asked]

    assert list(failures(gates, systems)) == [
        "hybrid:ndcg@10 is 0.6100, less than 0.7.",
        "bm25s:mrr@10 was not measured.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a gate"),
        ("hybrid", "not a gate"),
        ("hybrid:ndcg@10", "not a gate"),
        ("hybrid:ndcg@10=high", "not a gate"),
        ("hybrid:ndgc@10=0.6", "no measure 'ndgc@10'"),
        ("minilm:ndcg@10=0.6", "'minilm' is not among the systems"),
    ],
)
def test_what_is_no_gate_of_the_run_is_refused(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        Gate.parse(text, ["hybrid"])


def test_peers_that_are_not_installed_are_named() -> None:
    there, absent = installed(["bm25s", "minilm+bm25"], {"bm25s": "here"}.get)

    assert there == ["bm25s"]
    assert absent == ["minilm+bm25 is left out: sentence_transformers not installed."]
