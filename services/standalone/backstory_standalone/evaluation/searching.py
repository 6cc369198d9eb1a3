"""`backstory eval search`: every mode of Backstory and its peers, on one dataset in one run."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from backstory_search.query import Query
from backstory_search.search import Mode
from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED as BUNDLED_MODEL
from backstory_shared.ports import Embedder, ModelChoice
from backstory_standalone.evaluation.dataset import Dataset, read_dataset
from backstory_standalone.evaluation.measures import MEASURES, Run, figures
from backstory_standalone.evaluation.peers import PEERS, installed, peer_runs
from backstory_standalone.evaluation.product import as_words, order, searching
from backstory_standalone.evaluation.remembered import Remembered
from backstory_standalone.evaluation.transformer import (
    MINILM,
    CachedTransformer,
    cache_folder,
    place,
)
from backstory_standalone.evaluation.watching import Watch, unwatched
from backstory_standalone.reading import Unreadable

MODES = tuple(mode.value for mode in Mode)
SYSTEMS = (*MODES, *PEERS)
BUNDLED = "bundled"


def evaluate_search(
    folder: Path,
    systems: Sequence[str],
    embedder: str,
    read: Callable[[str], Query] = as_words,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """The report that `--json` prints; `read` says what a question asks Backstory for.

    Raises Unreadable, CannotStart.
    """
    _expect_known(systems)
    data = read_dataset(folder)
    model = embedder_named(embedder)
    modes = [Mode(name) for name in systems if name in MODES]
    runs = _own_runs(data, modes, model, read, watch) if modes else {}
    peers, absent = installed([name for name in systems if name in PEERS])
    for sentence in absent:
        sys.stderr.write(f"{sentence}\n")
    runs |= peer_runs(data, peers, lambda: CachedTransformer(MINILM, cache_folder(), watch), watch)
    relevant = [question.relevant for question in data.questions]
    return {
        "dataset": data.name,
        "documents": len(data.documents),
        "queries": len(data.questions),
        "embedder": model.model.id,
        "systems": {name: _report(runs[name], relevant) for name in systems if name in runs},
    }


def _expect_known(systems: Sequence[str]) -> None:
    for name in systems:
        if name not in SYSTEMS:
            raise Unreadable(f"There is no system {name!r}; there are {', '.join(SYSTEMS)}.")


def _own_runs(
    data: Dataset,
    modes: Sequence[Mode],
    embedder: Embedder,
    read: Callable[[str], Query],
    watch: Watch,
) -> dict[str, Run]:
    with searching(data, embedder, read, watch) as search:
        return {
            mode.value: [
                order(search, question.text, mode)
                for question in watch(f"Asking {mode.value}", data.questions)
            ]
            for mode in modes
        }


def _report(run: Run, relevant: Sequence[Any]) -> dict[str, Any]:
    found = figures(run, relevant)
    means = {name: round(found[name].mean, 4) for name in MEASURES}
    return {
        **means,
        "intervals": {
            name: [round(found[name].low, 4), round(found[name].high, 4)] for name in MEASURES
        },
    }


def embedder_named(name: str) -> Embedder:
    """The bundled model, a folder with one of its kind, or any sentence-transformers model.

    Raises CannotStart.
    """
    places = {BUNDLED: BUNDLED_MODEL.name, "minilm": place(MINILM)}
    embedder = open_embedder(ModelChoice(places.get(name, name)))
    if isinstance(embedder, StaticEmbedder):
        return embedder
    return Remembered(embedder, cache_folder())
