"""ROUGE, as the summarization field computes it: the package rouge-score, with its stemmer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backstory_shared.errors import CannotStart

MEASURES = ("rouge1", "rouge2", "rougeLsum")


@dataclass(frozen=True)
class Rouge:
    """F1 in percent; a summary is its sentences."""

    scorer: Any

    @classmethod
    def ready(cls) -> "Rouge":
        """Raises CannotStart where the package is not installed."""
        try:
            from rouge_score.rouge_scorer import RougeScorer
        except ImportError:
            raise CannotStart(
                "Evaluating summaries needs the package rouge-score: pip install 'backstory[eval]'."
            ) from None
        return cls(RougeScorer(list(MEASURES), use_stemmer=True))

    def __call__(self, reference: str, summary: Sequence[str]) -> dict[str, float]:
        found = self.scorer.score(reference, "\n".join(summary))
        return {name: 100 * found[name].fmeasure for name in MEASURES}

    def tokens(self, text: str) -> list[str]:
        """The text as ROUGE compares it."""
        tokens: list[str] = self.scorer._tokenizer.tokenize(text)
        return tokens
