"""The ranker's weights, from the readable file that training writes."""

import functools
import json
from pathlib import Path

from backstory_shared.text.ranker import Weights

BUNDLED_RANKER = Path(__file__).parents[1] / "models" / "backstory-ranker-v4"


def read_weights(folder: Path) -> Weights:
    found = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    return Weights(
        version=found["version"],
        known=found["weights"]["with_tables"],
        position=found["weights"]["without_tables"],
        likely=found["weights"]["of_words"],
    )


@functools.cache
def bundled_weights() -> Weights:
    return read_weights(BUNDLED_RANKER)
