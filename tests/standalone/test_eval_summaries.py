"""`backstory eval summaries`, on a set made up for it, and on news where there is some."""

import gzip
import json
import os
import sys
from itertools import product
from pathlib import Path

import pytest

from backstory_shared.adapters.extractive_summarizer import METHOD, ExtractiveSummarizer
from backstory_standalone.evaluation.ranker_fit import example, fit
from backstory_standalone.evaluation.rouge import Rouge
from backstory_standalone.evaluation.summaries import cross_fitted, evaluated, read_pairs
from backstory_standalone.evaluation.summary_qualities import coverage, danglers, redundancy
from backstory_standalone.evaluation.summary_systems import Pair, lead3, lead_of_words
from support.commands import Shell, shell

PLACES = ("Harwick", "Saltmouth", "Ellery", "Skerrin")
THINGS = ("bridge", "harbour", "school")
PAIRS = [
    Pair(
        text=(
            f"It was a grey morning in {place} on Monday. People there like to talk of the weather "
            f"and of little else. The {thing} of {place} will be rebuilt for nine million pounds, "
            f"the council of {place} decided. Work on the {thing} begins in May and takes a year. "
            "He did not say more. Nobody at the meeting of the council spoke against the plan."
        ),
        summary=f"{place} council decided that the {thing} will be rebuilt for nine million.",
    )
    for place, thing in product(PLACES, THINGS)
]


@pytest.fixture
def backstory(tmp_path: Path) -> Shell:
    return shell(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(pair._asdict()) + "\n" for pair in PAIRS)
    return path


def test_the_command_prints_the_figures_of_every_system(backstory: Shell, file: Path) -> None:
    ran = backstory.run("eval", "summaries", str(file), "--json", "--cv")

    found = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert found["articles"] == len(PAIRS)
    assert set(found["systems"]) == {
        "backstory",
        "lead3",
        "lead_same_length",
        "lexrank",
        "textrank",
    }
    for figures in found["systems"].values():
        assert {"rouge1", "rouge2", "rougeLsum", "words", "danglers"} <= set(figures)
        assert 0 < figures["rouge1"] <= 100
        assert 0 <= figures["words_50_60"] <= figures["words_45_65"] <= 100
    assert set(found["differences"]) == set(found["systems"]) - {"backstory"}
    ahead = found["differences"]["lead3"]["rouge1"]
    assert ahead["low"] <= ahead["mean"] <= ahead["high"]


def test_without_json_it_prints_a_table(backstory: Shell, file: Path) -> None:
    ran = backstory.run("eval", "summaries", str(file))

    assert "lead_same" in ran.stdout
    assert "ahead of lead3" in ran.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"text": "a"}\n', "line 1"),
        ('{"text": "a", "summary": 1}\n', "line 1"),
        ("nonsense\n", "line 1"),
        ('{"text": "a", "summary": "b"}\n', "fewer than two"),
        ("", "fewer than two"),
    ],
)
def test_a_file_that_is_no_set_is_said_in_one_sentence(
    backstory: Shell, tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content, encoding="utf-8")

    ran = backstory.run("eval", "summaries", str(path))

    assert ran.returncode == 1
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_the_package_it_says_what_to_install(file: Path, tmp_path: Path) -> None:
    (tmp_path / "rouge_score.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    without = shell(tmp_path / "data", PYTHONPATH=str(tmp_path))

    ran = without.run("eval", "summaries", str(file))

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.strip() == (
        "Evaluating summaries needs the package rouge-score: pip install 'backstory[eval]'."
    )


def test_a_peer_that_is_absent_is_named_and_left_out(file: Path, tmp_path: Path) -> None:
    (tmp_path / "sumy.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    without = shell(tmp_path / "data", PYTHONPATH=str(tmp_path))

    ran = without.run("eval", "summaries", str(file), "--json")

    assert "sumy is not installed" in ran.stderr
    assert set(json.loads(ran.stdout)["systems"]) == {"backstory", "lead3", "lead_same_length"}


# --- what it is made of ---------------------------------------------------------------------------


def test_the_lead_of_the_same_length_has_exactly_as_many_words() -> None:
    text = PAIRS[0].text

    assert sum(len(sentence.split()) for sentence in lead_of_words(text, 20)) == 20
    assert " ".join(lead_of_words(text, 20)) == " ".join(text.split()[:20])
    assert len(lead3(text)) == 3


def test_rouge_is_rouge_scores_own_with_its_stemmer() -> None:
    rouge = Rouge.ready()

    assert rouge("The council decided.", ["The council decides."])["rouge1"] == 100
    assert rouge("The council decided.", ["Nobody spoke."])["rouge1"] == 0


def test_no_fold_is_scored_with_weights_that_saw_it() -> None:
    tokens = Rouge.ready().tokens
    examples = [example(pair.text, pair.summary, tokens) for pair in PAIRS]

    folds = list(cross_fitted(examples))

    assert sorted(index for unseen, _ in folds for index in unseen) == list(range(len(PAIRS)))
    for unseen, weights in folds:
        seen = [one for index, one in enumerate(examples) if index not in set(unseen)]
        again = fit(seen, [1.0] * len(seen), "again")
        assert again.known == pytest.approx(weights.known, abs=1e-3)


def test_the_fit_learns_what_the_summaries_want() -> None:
    """Here the wanted sentence has the title words in capitals, and never comes first."""
    tokens = Rouge.ready().tokens
    examples = [example(pair.text, pair.summary, tokens) for pair in PAIRS] * 20

    learnt = fit(examples, [1.0] * len(examples), "toy")

    said = ExtractiveSummarizer(learnt).summarize("", PAIRS[0].text, (), "en")
    start, end = said.short[0]
    assert "will be rebuilt" in PAIRS[0].text[start:end]
    assert said.method == METHOD


def test_what_rouge_does_not_see_is_counted() -> None:
    text = "Ann Poe left the town. She went to Lima. But nobody knew. The sea was calm on Monday."

    assert danglers(text, ["Ann Poe left the town.", "She went to Lima."]) == 0
    assert danglers(text, ["She went to Lima.", "But nobody knew."]) == 1
    assert danglers(text, ["But nobody knew.", "The sea was calm on Monday."]) == 1
    assert redundancy(["The harbour closes.", "The harbour closes."]) == 100
    assert redundancy(["The harbour closes.", "Nobody spoke today."]) == 0
    assert coverage("harbour harbour ferry", ["The harbour."]) == 50


if "BACKSTORY_TEST_DATA" in os.environ:

    def test_news_summaries_are_better_than_the_beginning() -> None:
        """A fifth of the set, so that it is quick; `make ranker` measures all of it."""
        folder = Path(os.environ["BACKSTORY_TEST_DATA"]) / "summaries"
        pairs = read_pairs(folder / "cnn_validation.jsonl.gz")[::5]

        found = evaluated(pairs, cross_validated=True, warn=sys.stderr.write)

        assert found["systems"]["backstory"]["words"] <= 56
        assert found["differences"]["lead3"]["rouge1"]["low"] > 0
        assert found["systems"]["backstory"]["rouge2"] > found["systems"]["lead3"]["rouge2"]
