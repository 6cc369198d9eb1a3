"""The bundled model: what its vectors promise, and that nobody swaps them unnoticed."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tokenizers import Tokenizer

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED, WordTokens
from backstory_shared.ports import Embedder, Passage

MEBIBYTE = 2**20

QUERY = "council approves the new harbour bridge"

PASSAGES = [
    Passage(
        title="Bridge over the harbour approved",
        text="The town council voted nine to four on Monday for a new bridge across the harbour. "
        "Work is to begin in spring and will cost 41 million euros.\n\nFerry owners object.",
    ),
    Passage(
        title="Striker signs until 2029",
        text="The club's top scorer has extended her contract by three years, the coach said.",
    ),
    Passage(title="", text="Rates were left unchanged. Analysts had expected a rise."),
    Passage(title="Zürich: Café “Odeon” schließt", text="Das Café schließt nach 112 Jahren."),
    Passage(title="Résultats", text="L'entreprise a publié ses résultats trimestriels — +3,4 %."),
]

#: The index stores these numbers: another model is another id.
CANONICAL_QUERY = [0.2208, -0.0175, 0.0412, -0.0053, 0.0688]
CANONICAL_PASSAGE = [0.2285, -0.0253, -0.0113, 0.1259, 0.0422]

ODD_TEXTS = {
    "nothing": "",
    "white space": " \t\r\n\u00a0\u3000",
    "an unknown character": "\ue000",
    "another script": "記者が現地から伝えます",
    "an emoji": "🗞️",
    "NUL": "\0",
    "control characters": "a\x0bb\x0cc\x1cd\x85e\x00f",
    "zero width": "\u200bzero\u200b\ufeffwidth",
    "a lone surrogate": "before \ud800 after",
    "special tokens": "[CLS] [UNK] [PAD] ##ing",
    "one endless word": "a" * MEBIBYTE,
    "many marks": "!" * 100_000,
    "a mebibyte of words": "harbour bridge " * (MEBIBYTE // 15),
    "combining marks": "e\u0301\u0301\u0301 \u0301 x",
}


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder.open()


def cosine(left: np.ndarray, right: np.ndarray) -> float:
    return float(left @ right)


def test_the_bundled_model_is_an_embedder(embedder: StaticEmbedder) -> None:
    port: Embedder = embedder

    assert port.model.id == BUNDLED.name
    assert port.embed_query(QUERY).shape == (port.model.dimension,)


def test_vectors_are_float32_of_length_one(embedder: StaticEmbedder) -> None:
    vectors = np.vstack([embedder.embed_passages(PASSAGES), embedder.embed_query(QUERY)])

    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_the_vectors_of_the_model_are_pinned(embedder: StaticEmbedder) -> None:
    query, passage = embedder.embed_query(QUERY), embedder.embed_passages(PASSAGES)[0]

    assert query[:5] == pytest.approx(CANONICAL_QUERY, abs=1e-4)
    assert passage[:5] == pytest.approx(CANONICAL_PASSAGE, abs=1e-4)


def test_a_query_is_nearest_to_the_article_it_is_about(embedder: StaticEmbedder) -> None:
    scores = embedder.embed_passages(PASSAGES) @ embedder.embed_query(QUERY)

    assert scores.argmax() == 0
    assert scores[0] > embedder.model.floor > scores[1]


def test_words_differ_and_the_meaning_is_still_found(embedder: StaticEmbedder) -> None:
    scores = embedder.embed_passages(PASSAGES) @ embedder.embed_query("footballer contract renewal")

    assert scores.argmax() == 1


def test_a_batch_gives_what_one_by_one_gives(embedder: StaticEmbedder) -> None:
    batch = embedder.embed_passages(PASSAGES)

    single = [embedder.embed_passages([passage])[0] for passage in PASSAGES]

    assert np.array_equal(batch, np.stack(single))


def test_no_passages_give_an_empty_matrix(embedder: StaticEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.model.dimension)


def test_another_process_would_give_the_same_vectors(embedder: StaticEmbedder) -> None:
    fresh = StaticEmbedder.open().embed_passages(PASSAGES)

    assert np.array_equal(fresh, embedder.embed_passages(PASSAGES))


def test_threads_share_one_embedder(embedder: StaticEmbedder) -> None:
    queries = [f"{word} {number}" for number in range(50) for word in QUERY.split()]
    alone = [embedder.embed_query(query) for query in queries]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(StaticEmbedder.open().embed_query, queries))

    assert np.array_equal(together, alone)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_odd_texts_give_a_unit_vector_or_zero(embedder: StaticEmbedder, text: str) -> None:
    vectors = [
        embedder.embed_query(text),
        *embedder.embed_passages([Passage(title="", text=text), Passage(title=text, text="")]),
    ]

    lengths = np.linalg.norm(vectors, axis=1)
    assert np.isclose(lengths, 1).all() or not lengths.any()


@pytest.mark.parametrize("text", ["", " ", "\ue000", "記者"])
def test_a_query_of_nothing_known_is_the_zero_vector(embedder: StaticEmbedder, text: str) -> None:
    assert not embedder.embed_query(text).any()


def test_the_end_of_a_long_text_counts_too(embedder: StaticEmbedder) -> None:
    filler = "the town council met on monday to talk about the harbour. " * 200
    ending = "volcano eruption lava ash " * 200
    question = embedder.embed_query("volcano eruption")

    short, long = embedder.embed_passages(
        [Passage(title="Meeting", text=filler), Passage(title="Meeting", text=filler + ending)]
    )

    assert cosine(long, question) > cosine(short, question) + 0.1


def test_the_beginning_of_a_text_counts_more(embedder: StaticEmbedder) -> None:
    parts = ["the council voted on the harbour bridge. " * 30, "lava came from the volcano. " * 30]

    forward, backward = embedder.embed_passages(
        [Passage(title="", text="".join(parts)), Passage(title="", text="".join(parts[::-1]))]
    )

    assert cosine(forward, embedder.embed_query("harbour bridge")) > cosine(
        backward, embedder.embed_query("harbour bridge")
    )


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_word_by_word_gives_the_tokens_of_the_whole(text: str) -> None:
    tokenizer = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    whole = text.encode("utf-8", "ignore").decode()

    found = WordTokens(tokenizer).ids(text)

    assert found.tolist() == tokenizer.encode(whole, add_special_tokens=False).ids


def test_the_folder_is_small_enough_to_ship() -> None:
    assert sum(file.stat().st_size for file in BUNDLED.iterdir()) <= 10_000_000


def test_the_model_card_names_what_ships(embedder: StaticEmbedder) -> None:
    card = (BUNDLED / "README.md").read_text(encoding="utf-8")
    rows = len(json.loads((BUNDLED / "tokenizer.json").read_text())["model"]["vocab"])

    assert embedder.model.id in card
    assert f"{rows:,} tokens" in card
    assert f"{embedder.model.dimension} dimensions" in card
    assert f"floor of {embedder.model.floor}" in card


def test_the_notice_names_whom_the_model_learnt_from() -> None:
    notice = (BUNDLED / "NOTICE").read_text(encoding="utf-8")

    assert "all-MiniLM-L6-v2" in notice
    assert "Princeton" in notice
