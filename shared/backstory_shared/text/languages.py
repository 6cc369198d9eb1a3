"""Languages: which one a text is written in, as an ISO 639-1 code."""

import re
import threading
from typing import Protocol

import numpy as np

#: What is worth telling apart: rarer neighbours only draw short texts away from these.
_CODES = """
af am ar as az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu ha he hi hr hu hy id
ig is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms my ne nl no or pa pl ps pt ro ru si sk sl
so sq sr sv sw ta te th tl tr uk ur uz vi yo zh zu
"""
_LANGUAGES = frozenset(_CODES.split())
_PREFIX = 400
_SURE = 0.8
#: In letters of an alphabet; one sign of Chinese, Japanese or Korean says about as much as four.
_ENOUGH = 20
_DENSE_SCRIPTS_FROM = "\u2e80"
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")


class _Classifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


class LanguageDetector:
    """Guesses the language of a text from its beginning; about 60 MB once it was asked.

    The model is loaded by the first question. May be used from several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._classifier: _Classifier | None = None

    def detect(self, text: str) -> str | None:
        """The language, or None where there is too little text or the guess is unsure."""
        beginning = _ADDRESS.sub(" ", text[:_PREFIX])
        if sum(map(_weight, _WORD.findall(beginning))) < _ENOUGH:
            return None
        language, probability = self._loaded().classify(beginning)
        return language if probability >= _SURE else None

    def _loaded(self) -> _Classifier:
        with self._lock:
            if self._classifier is None:
                self._classifier = _load()
            return self._classifier


def _weight(word: str) -> int:
    return len(word) * (4 if word[0] >= _DENSE_SCRIPTS_FROM else 1)


def _load() -> _Classifier:
    """py3langid's model, cut down to our languages before anything is built from it."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    from py3langid.modelio import load_model

    weights, priors, labels, moves, rows, outputs = load_model(MODEL_DIR / MODEL_FILE)
    ours = [i for i, label in enumerate(labels) if label in _LANGUAGES]
    identifier: _Classifier = LanguageIdentifier(
        # Row by row in memory, as they are read; NumPy picks columns the other way round.
        np.ascontiguousarray(weights[:, ours]),
        priors[ours],
        [labels[i] for i in ours],
        moves,
        outputs,
        norm_probs=True,
        tk_row=rows,
    )
    return identifier
