"""Prose of invented words: long enough to be told apart, and never the same for two seeds."""

import random

_SYLLABLES = ["ba", "lo", "mi", "ter", "run", "ska", "vel", "po", "dri", "hem", "ost", "ja"]


def prose(*, seed: int, sentences: int = 20) -> str:
    chance = random.Random(seed)
    words = ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(300)]
    made = (" ".join(chance.choices(words, k=14)).capitalize() for _ in range(sentences))
    return ". ".join(made) + "."
