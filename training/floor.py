"""The cosine below which a model says nothing: what 99 of 100 unrelated pairs stay under."""

import random
from pathlib import Path

import numpy as np

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.ports import Passage
from training.teacher import Floats
from training.texts import Article, articles

#: Seventeen years and an ocean apart: no title of one is about an article of the other.
APART = ("articles/bbc", "articles/reuters_train")
SAMPLE = 1_000
SHARE = 0.99


def measured_floor(embedder: StaticEmbedder, texts: Path, seed: int) -> float:
    """To two digits, over the titles of each collection and the articles of the other."""
    dice = random.Random(seed)
    one, other = (dice.sample(_usable(articles(texts, name)), SAMPLE) for name in APART)
    cosines = [_cosines(embedder, one, other), _cosines(embedder, other, one)]
    return round(float(np.quantile(cosines, SHARE)), 2)


def _usable(found: list[Article]) -> list[Article]:
    return [article for article in found if article.title and len(article.text.split()) >= 20]


def _cosines(embedder: StaticEmbedder, asked: list[Article], found: list[Article]) -> Floats:
    queries = np.stack([embedder.embed_query(article.title) for article in asked])
    return queries @ embedder.embed_passages([Passage(title=a.title, text=a.text) for a in found]).T
