"""Whether a sentence hangs in the air without the one before it."""

import pytest

from backstory_shared.text.leaning import comments, leans
from backstory_shared.text.words import NO_WORDS, WORDS

LEANING = [
    ("en", "He said the plan was dead."),
    ("en", "But the council disagreed."),
    ("en", "The move angered residents of the town."),
    ("en", "Ovechko also highlighted the alliance."),
    ("en", "Sergey Poe, a diplomat who served in the United States, was also among the honorees."),
    ("en", "As a result, the ferry will not sail."),
    ("en", "In his remarks, the diplomat spoke of trade."),
    ("en", "“We will not pay,” he said."),
    ("en", "“It's over,” she told reporters on Monday."),
    ("en", "It's the third closure this year."),
    ("en", "“Growth is stronger than it was last year.”"),
    ("en", "The 62-year-old sang for twelve minutes."),
    ("es", "Sin embargo, nadie respondió a la carta."),
    ("es", "La medida entrará en vigor el lunes."),
    ("es", "También cerrará la escuela."),
    ("es", "Su hermano vive en Lima."),
    ("de", "Dies sorgte für Ärger im Rat."),
    ("de", "Die Entscheidung fiel am Montag."),
    ("de", "Der Bürgermeister will außerdem die Schule schließen."),
    ("de", "„Wir zahlen nicht“, sagte er."),
    ("fr", "Cette décision a surpris la ville."),
    ("fr", "C’est une première depuis dix ans."),
    ("fr", "Par ailleurs, le port restera fermé."),
    ("fr", "« Nous ne paierons pas », a-t-il dit."),
    ("pt", "No entanto, ninguém respondeu."),
    ("pt", "A decisão surpreendeu a cidade."),
    ("pt", "Ele não quis comentar o caso."),
    ("it", "Tuttavia nessuno ha risposto."),
    ("it", "L’accordo entra in vigore lunedì."),
    ("it", "Anche la scuola resterà chiusa."),
]
STANDING = [
    ("en", "The harbour will close on Monday."),
    ("en", "This week the harbour will close."),
    ("en", "There are eleven ferries in the fleet."),
    ("en", "Those who bought tickets will be paid."),
    ("en", "Ann Poe, who also runs the bakery, won the prize."),
    ("en", "Ray Poe wants to cut not only ferries but also trains."),
    ("en", "In his speech, Mayor Ray Poe promised a bridge."),
    ("en", "“We will not pay,” Mayor Ray Poe said."),
    ("en", "Minister Ann Poe said it would “also be closed”."),
    ("es", "El puerto cerrará seis semanas."),
    ("es", "Esta semana cierra el puerto."),
    ("de", "Der Hafen schließt für sechs Wochen."),
    ("de", "Diese Woche schließt der Hafen."),
    ("fr", "Le port fermera six semaines."),
    ("fr", "Cette semaine, le port ferme."),
    ("pt", "O porto fecha durante seis semanas."),
    ("it", "Il porto chiude per sei settimane."),
]


@pytest.mark.parametrize(("language", "sentence"), LEANING)
def test_a_sentence_that_leans_on_the_one_before_is_known(language: str, sentence: str) -> None:
    assert leans(sentence, WORDS[language])


@pytest.mark.parametrize(("language", "sentence"), STANDING)
def test_a_sentence_that_stands_alone_is_known(language: str, sentence: str) -> None:
    assert not leans(sentence, WORDS[language])


def test_a_comment_is_a_leaning_sentence_about_the_one_before() -> None:
    assert comments("The disclosure came on Monday.", WORDS["en"])
    assert not comments("He disclosed it on Monday.", WORDS["en"])


def test_without_tables_nothing_is_known_to_lean() -> None:
    assert not leans("Men hon sade nej.", NO_WORDS)
