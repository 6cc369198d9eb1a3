"""The student's words: the teacher's Latin word pieces and the news words it lacks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordPiece

UNKNOWN = "[UNK]"
SPECIAL = re.compile(r"\[(unused\d+|PAD|UNK|CLS|SEP|MASK)\]")
WORD = re.compile(r"[a-z]{3,}")
DOCUMENT_FREQUENCY = 3
GLOSS_FREQUENCY = 3


@dataclass(frozen=True)
class Vocabulary:
    """The tokens in the order of their rows; row 0 is the unknown word and stays zero."""

    tokens: tuple[str, ...]

    @property
    def tokenizer(self) -> Tokenizer:
        """Word pieces, without special tokens: a text that says [CLS] means those letters."""
        ids = {token: at for at, token in enumerate(self.tokens)}
        tokenizer = Tokenizer(WordPiece(ids, unk_token=UNKNOWN, max_input_chars_per_word=100))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return tokenizer


def build(teacher: Tokenizer, news: Sequence[str], glosses: Sequence[str]) -> Vocabulary:
    """The pieces of `teacher` that are Latin, then the words frequent in news or in glosses."""
    known = teacher.get_vocab()
    pieces = [piece for piece in sorted(known, key=known.__getitem__) if _is_latin(piece)]
    frequent = [*_frequent(news, DOCUMENT_FREQUENCY), *_frequent(glosses, GLOSS_FREQUENCY)]
    added = dict.fromkeys(word for word in frequent if word not in known)
    return Vocabulary((UNKNOWN, *pieces, *added))


def _frequent(texts: Sequence[str], enough: int) -> list[str]:
    """Most frequent first, as many by the alphabet: the same order in every process."""
    counted = sorted(document_frequencies(texts).items(), key=lambda item: (-item[1], item[0]))
    return [word for word, count in counted if count >= enough and WORD.fullmatch(word)]


def document_frequencies(texts: Iterable[str]) -> Counter[str]:
    """In how many texts each word stands."""
    normalise = normalizers.BertNormalizer(lowercase=True).normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    return Counter(word for text in texts for word in {w for w, _ in split(normalise(text))})


def probabilities(vocabulary: Vocabulary, texts: Sequence[str]) -> NDArray[np.float64]:
    """How often each token stands in `texts`, as a share of all."""
    counts = np.zeros(len(vocabulary.tokens))
    for encoding in vocabulary.tokenizer.encode_batch_fast(list(texts)):
        np.add.at(counts, encoding.ids, 1)
    return np.asarray(counts / counts.sum())


def _is_latin(piece: str) -> bool:
    if SPECIAL.fullmatch(piece):
        return False
    return all(_is_latin_character(character) for character in piece)


def _is_latin_character(character: str) -> bool:
    if character.isalpha():
        return unicodedata.name(character, "").startswith("LATIN")
    return unicodedata.category(character)[0] in "PSN"
