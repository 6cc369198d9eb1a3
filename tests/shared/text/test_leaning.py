"""Whether a sentence hangs in the air without the one before it."""

import pytest

from backstory_shared.text.leaning import comments, introductions, leans, opens_leaning, unnamed
from backstory_shared.text.ranker import sentence
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
    ("en", "Fortunately, he had sent his family away."),
    ("en", "Eight of their colleagues have been flown home."),
    ("en", "Later, the mayor left the town."),
    ("en", "This weekend, he was in New Hampshire."),
    ("en", "The council, however, voted for the plan."),
    ("en", "One had served a tour in Kosovo."),
    ("en", "Second, airlines need more pilots."),
    ("en", "Historically, the port has been poor."),
    ("en", "Two days later, the gate broke."),
    ("en", "In truth, the town deserved little."),
    ("en", "Some even called it a lie."),
    ("en", "Further tests found nothing."),
    ("en", "Police shot him at noon."),
    ("en", "The council wants all of them to leave."),
    ("en", "Without a hint of irony, he promised more."),
    ("en", "On Monday night, they sailed for the islands."),
    ("en", "The extent of her injuries is not known."),
    ("en", "The older of his two sons came to the trial."),
    ("en", "Nor should it be used for mail."),
    ("en", "Together they have a third of the seats."),
    ("en", "All of that was only the beginning."),
    ("en", "The artist wants the statue back."),
    ("es", "Anteriormente, el puerto era pobre."),
    ("de", "Zuvor hatte der Rat den Plan abgelehnt."),
    ("fr", "Auparavant, le port était pauvre."),
    ("fr", "Dans un communiqué, elle dénonce un mensonge."),
    ("pt", "Anteriormente, o porto era pobre."),
    ("it", "Inizialmente, il porto era povero."),
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
    ("en", "The mother of Ann Poe has sold her boat."),
    ("en", "The price of fish has doubled, traders and their customers say."),
    ("en", "The harbour will close on Monday."),
    ("en", "This week the harbour will close."),
    ("en", "There are eleven ferries in the fleet."),
    ("en", "Those who bought tickets will be paid."),
    ("en", "Ann Poe, who also runs the bakery, won the prize."),
    ("en", "Ray Poe wants to cut not only ferries but also trains."),
    ("en", "In his speech, Mayor Ray Poe promised a bridge."),
    ("en", "“We will not pay,” Mayor Ray Poe said."),
    ("en", "Minister Ann Poe said it would “also be closed”."),
    ("en", "Ann Poe lost her boat in the storm."),
    ("en", "A man fell from his roof in Port Ellery."),
    ("en", "Later this week the harbour will close."),
    ("en", "Second place went to Ann Poe of Harwick."),
    ("en", "Two days of rain flooded the harbour."),
    ("en", "When two men ran off, police shot them."),
    ("en", "With Ann Poe away, she said, nobody decides."),
    ("en", "In the storm, the gate broke."),
    ("es", "Segundo en la regata fue el barco de Salinas."),
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
    assert not comments("The suspect was arrested on Monday.", WORDS["en"])


def test_without_tables_nothing_is_known_to_lean() -> None:
    assert not leans("Men hon sade nej.", NO_WORDS)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He may win, but the bookmakers of the town think otherwise.", True),
        ("But the council disagreed.", True),
        ("The company that runs the ferries is bankrupt.", False),
        ("Two days after the storm, Ann Poe also left the town.", False),
        ("This week the harbour will close.", False),
    ],
)
def test_even_the_first_sentence_of_a_story_may_hang_in_the_air(
    sentence: str, expected: bool
) -> None:
    assert opens_leaning(sentence, WORDS["en"]) is expected


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (["On Monday Ann Poe left.", "She went to Lima."], [False, False]),
        (["On Monday the ferry left.", "She went to Lima."], [False, True]),
        (["The ferry left.", "She went to Lima.", "Her boat was lost."], [False, True, True]),
        (["Then Ann Poe left.", "She went to Lima.", "Her boat was lost."], [False] * 3),
        (["Poe left the town.", "She went to see the Poe estate."], [False, False]),
        (["Crowds left the town.", "She went to see them go."], [False, True]),
        (["Crowds left the town on Monday.", "She went to see them go."], [False, True]),
        (["The ferries left on Monday.", "They sank in the storm."], [False, False]),
        (["The ferry left.", "“It was late,” she said."], [False, True]),
    ],
)
def test_who_he_or_she_is_the_sentence_before_must_say(
    story: list[str], expected: list[bool]
) -> None:
    english = WORDS["en"]
    read = [sentence(place, text, english) for place, text in enumerate(story)]
    leaning = [place > 0 and leans(text, english) for place, text in enumerate(story)]

    assert list(unnamed(read, leaning, english)) == expected


def test_where_every_noun_has_a_capital_any_sentence_may_name_somebody() -> None:
    german = WORDS["de"]
    story = ["Der Hafen schließt.", "Er bleibt sechs Wochen zu."]
    read = [sentence(place, text, german) for place, text in enumerate(story)]

    assert list(unnamed(read, [False, True], german)) == [False, False]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (["On Monday Ann Poe left.", "Poe went to Lima."], [set(), {0}]),
        (["On Monday Ann Poe left.", "All of Lima saw Poe."], [set(), {0}]),
        (["On Monday Ann Poe left.", "All of Lima saw Mayor Poe."], [set(), set()]),
        (["On Monday Poe left.", "Poe went to Lima."], [set(), set()]),
        (["The Poe family left.", "Lima saw Ann Poe."], [set(), set()]),
        (
            ["He met Ann Poe.", "He met Ray Roe.", "Lima saw Poe and Roe."],
            [set(), set(), {0, 1}],
        ),
    ],
)
def test_who_is_called_by_a_surname_alone_is_introduced_where_he_has_a_first_name(
    story: list[str], expected: list[set[int]]
) -> None:
    read = [sentence(place, text, WORDS["en"]) for place, text in enumerate(story)]

    assert list(introductions(read, WORDS["en"])) == expected


def test_where_every_noun_has_a_capital_nobody_is_known_by_it() -> None:
    read = [sentence(i, text, WORDS["de"]) for i, text in enumerate(["Ann Poe ging.", "Poe kam."])]

    assert list(introductions(read, WORDS["de"])) == [frozenset(), frozenset()]
