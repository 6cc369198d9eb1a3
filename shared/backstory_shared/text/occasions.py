"""Occasions: what tells a report from the next one of its kind, a week or a month later. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from backstory_shared.text.days import days_of, is_calendar
from backstory_shared.text.words import NO_WORDS, WORDS

#: As much of a text as says what it reports.
_TOLD_FIRST = 1_200
_LONGEST_LEAD = 400
_MOST_AMOUNTS = 24
_SHORTEST = 4
#: Words that begin alike are taken for one: "rises" and "rising", "Preis" and "Preise".
_STEM = 6
_SENTENCE_END = re.compile(r"[.!?](?=\s)")
_WORD = re.compile(r"[^\W\d_]+")
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_BEFORE = re.compile(r"([^\W\d_]{2,})[ -][£$€]?$")
_AFTER = re.compile(r"[ -]?([^\W\d_]{2,}|%)")
_BESIDE = 24
#: Of a match: a score, and words of each language that are seldom used of anything else.
_SCORE = re.compile(r"(?<![\d-])\d{1,2}[-–:]\d{1,2}(?![\d-])")
_OF_A_MATCH: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "match matches season coach team draw drew beat goal goals goalless scored scorer "
        "penalties penalty header striker goalkeeper midfielder defender substitute referee "
        "league equaliser kickoff wicket innings fixture",
        "de": "spiel saison trainer mannschaft unentschieden tor tore torwart elfmeter stürmer "
        "halbzeit anpfiff liga pokal schiedsrichter heimsieg auswärtssieg",
        "fr": "match saison entraîneur équipe but buts gardien pénalty attaquant arbitre ligue "
        "championnat égalisation mi-temps",
        "es": "partido temporada entrenador equipo gol goles portero penalti penaltis delantero "
        "árbitro liga empate descanso",
        "pt": "jogo época treinador equipa time gol golo gols golos penálti árbitro liga empate",
        "it": "partita stagione allenatore squadra gol rete reti portiere rigore rigori arbitro "
        "campionato pareggio",
    }.items()
}
_SURELY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """`on` is the day of publication, `days` are those that are spoken of.

    `lead` are the words, without names, in which title and first sentence say what happened;
    `amounts` is the first figure beside each word, and `match` whether two sides played.
    """

    on: date
    days: frozenset[date]
    lead: frozenset[str]
    amounts: Mapping[str, str]
    match: bool


def occasion_of(
    *, title: str, text: str, names: Collection[str], language: str | None, published: date
) -> Occasion:
    """`text` is the story, without boilerplate; `names` are those that it mentions."""
    first = f"{title}.\n{text[:_TOLD_FIRST]}"
    return Occasion(
        on=published,
        days=days_of(text[:_TOLD_FIRST], published),
        lead=frozenset(_lead(title, text, names, language)),
        amounts=dict([*_amounts(first, language)][::-1][-_MOST_AMOUNTS:]),
        match=_is_of_a_match(first, language),
    )


def _lead(title: str, text: str, names: Collection[str], language: str | None) -> Iterator[str]:
    words = WORDS.get(language or "", NO_WORDS)
    # Where any noun has a capital, only several words in a row are surely a name.
    sure = [name for name in names if " " in name] if words.capital_nouns else names
    named = {word.lower() for name in sure for word in _WORD.findall(name)}
    for word in _WORD.findall(f"{title} {_first_sentence(text)}"):
        plain = word.lower()
        if len(word) < _SHORTEST or plain in words.stop or is_calendar(plain):
            continue
        if not (word[0].isupper() and plain in named):
            yield plain[:_STEM]


def _first_sentence(text: str) -> str:
    start = text[:_LONGEST_LEAD]
    end = _SENTENCE_END.search(start)
    return start[: end.start()] if end else start


def _amounts(text: str, language: str | None) -> Iterator[tuple[str, str]]:
    stop = WORDS.get(language or "", NO_WORDS).stop
    for figure in _FIGURE.finditer(text):
        before = _BEFORE.search(text[max(0, figure.start() - _BESIDE) : figure.start()])
        after = _AFTER.match(text, figure.end())
        for beside, found in (("{} #", before), ("# {}", after)):
            word = found[1].lower() if found else ""
            if word and word not in stop and not is_calendar(word):
                yield beside.format(word), figure.group()


def _is_of_a_match(text: str, language: str | None) -> bool:
    of_a_match = _OF_A_MATCH.get(language or "en", frozenset())
    said = of_a_match.intersection(map(str.lower, _WORD.findall(text)))
    return len(said) + bool(_SCORE.search(text)) >= _SURELY
