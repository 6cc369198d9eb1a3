"""Makes the summary ranker in one command: `python -m training.make_ranker TEXT_FOLDER [OUT]`.

It needs `cnn_validation.jsonl.gz` and `xsum.jsonl.gz` of {"text", "summary"} in that folder, and
`bbc_extractive.jsonl.gz` of {"title", "text", "summary"}.
"""

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer, Rules
from backstory_shared.adapters.ranker_file import BUNDLED_RANKER
from backstory_shared.summaries import Length
from backstory_shared.text.ranker import Weights
from backstory_standalone.evaluation.ranker_fit import Example, example, fit, title_weight
from backstory_standalone.evaluation.rouge import MEASURES, Rouge
from backstory_standalone.evaluation.summaries import cross_fitted, evaluated, read_pairs
from backstory_standalone.evaluation.summary_qualities import danglers
from backstory_standalone.evaluation.summary_systems import Backstory, Pair

VERSION = "4"
#: How much an article of each set counts: XSum's one-sentence summaries are another craft, and
#: keep the weights from fitting CNN alone.
SHARES = {"cnn_validation": 1.0, "xsum": 0.3}
#: The set with titles: every so many articles are enough for one weight.
TITLED, EVERY = "bbc_extractive", 5
#: Each reader rule left out, to see what it costs.
ABLATIONS = {
    "all rules": Rules(),
    "without: whole sentences": Rules(whole=False),
    "without: outside quotations": Rules(outside_quotations=False),
    "without: standing alone": Rules(alone=False),
    "no rules": Rules(whole=False, outside_quotations=False, alone=False),
}


def main() -> None:
    arguments = _arguments()
    rouge = Rouge.ready()
    sets = {name: read_pairs(arguments.texts / f"{name}.jsonl.gz") for name in SHARES}
    examples = {
        name: [example(pair.text, pair.summary, rouge.tokens) for pair in pairs]
        for name, pairs in sets.items()
    }
    weights = _fitted(examples, list(_titled(arguments.texts, rouge)))
    news = sets["cnn_validation"]
    figures = evaluated(news, cross_validated=True, warn=print)
    prices = dict(_prices(news, examples["cnn_validation"], rouge))
    arguments.out.mkdir(parents=True, exist_ok=True)
    _write(arguments.out, weights, figures, prices)
    print(json.dumps({"weights": dict(weights.known), "rules": prices, **figures}, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=BUNDLED_RANKER)
    return parser.parse_args()


def _fitted(examples: dict[str, list[Example]], titled: Sequence[Example]) -> Weights:
    """A title's words are weighed on the one set with titles; of it no other weight is taken."""
    together = [(one, SHARES[name]) for name, some in examples.items() for one in some]
    texts, shares = [one for one, _ in together], [share for _, share in together]
    untitled = fit(texts, shares, VERSION)
    return fit(texts, shares, VERSION, title_weight(titled, untitled.likely))


def _titled(texts: Path, rouge: Rouge) -> Iterator[Example]:
    with gzip.open(texts / f"{TITLED}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in list(lines)[::EVERY]:
            found = json.loads(line)
            yield example(found["text"], found["summary"], rouge.tokens, found["title"])


def _prices(
    pairs: Sequence[Pair], examples: Sequence[Example], rouge: Rouge
) -> Iterator[tuple[str, dict[str, float]]]:
    """Cross-validated like the figures, so that only the rules differ."""
    folds = list(cross_fitted(examples))
    for name, rules in ABLATIONS.items():
        made = [
            (pairs[index], Backstory(ExtractiveSummarizer(weights, rules), Length.MEDIUM))
            for unseen, weights in folds
            for index in unseen
        ]
        summaries = [(pair, system(pair.text)) for pair, system in made]
        scored = [rouge(pair.summary, summary) for pair, summary in summaries]
        found = {
            measure: sum(each[measure] for each in scored) / len(scored) for measure in MEASURES
        }
        sentences = sum(len(summary) for _, summary in summaries)
        loose = sum(danglers(pair.text, summary) for pair, summary in summaries)
        found["danglers"] = 100 * loose / sentences
        yield name, {measure: round(value, 2) for measure, value in found.items()}


def _write(
    folder: Path, weights: Weights, figures: dict[str, Any], prices: dict[str, dict[str, float]]
) -> None:
    kept = {
        "version": weights.version,
        "weights": {
            "with_tables": dict(weights.known),
            "without_tables": dict(weights.position),
            "of_words": dict(weights.likely),
        },
    }
    (folder / "weights.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    template = (Path(__file__).parent / "ranker_card.md").read_text(encoding="utf-8")
    card = template.format(
        version=weights.version,
        weights=_weights_table(weights),
        likely=_table(
            ["of a word", "weight"],
            [[name, f"{weight:+.3f}"] for name, weight in weights.likely.items()],
        ),
        systems=_systems_table(figures["systems"]),
        ahead=_ahead_table(figures["differences"]),
        rules=_systems_table(prices),
    )
    (folder / "README.md").write_text(card, encoding="utf-8")


def _weights_table(weights: Weights) -> str:
    return _table(
        ["feature", "with tables", "without"],
        [
            [name, f"{weight:+.3f}", f"{weights.position.get(name, 0):+.3f}"]
            for name, weight in weights.known.items()
        ],
    )


def _systems_table(systems: dict[str, dict[str, float]]) -> str:
    columns = list(next(iter(systems.values())))
    rows = [
        [name, *(f"{figures[column]:.2f}" for column in columns)]
        for name, figures in systems.items()
    ]
    return _table(["", *columns], rows)


def _ahead_table(differences: dict[str, dict[str, dict[str, float]]]) -> str:
    return _table(
        ["ahead of", *MEASURES],
        [
            [name, *(f"{b['mean']:+.2f} [{b['low']:.2f}, {b['high']:.2f}]" for b in by.values())]
            for name, by in differences.items()
        ],
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
