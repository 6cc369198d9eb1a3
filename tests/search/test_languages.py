"""Languages that the bundled model was not taught: there meaning must not spoil what words find."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from backstory_search.search import Mode, SearchArticles
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_standalone.evaluation.dataset import Dataset, Document
from backstory_standalone.evaluation.product import order, searching


class Told(NamedTuple):
    """An article, and what readers type who look for it."""

    title: str
    text: str
    questions: tuple[str, ...]


ARTICLES = {
    "es": [
        Told(
            "El puerto cierra por el temporal",
            "Las autoridades portuarias cerraron ayer el puerto después de que olas de seis metros "
            "dañaran el muelle norte. Los pescadores llevan una semana sin salir a la mar.",
            ("puerto cerrado temporal", "pescadores sin salir al mar", "olas muelle"),
        ),
        Told(
            "La alcaldesa presenta el presupuesto",
            "El ayuntamiento gastará más en escuelas y menos en carreteras. La oposición critica "
            "que suban los impuestos sobre la vivienda.",
            ("presupuesto del ayuntamiento", "subida de impuestos vivienda"),
        ),
        Told(
            "Descubren un mosaico romano bajo una plaza",
            "Unos obreros que reparaban una tubería encontraron un mosaico del siglo segundo. Los "
            "arqueólogos creen que perteneció a la casa de un comerciante de vino.",
            ("mosaico romano plaza", "arqueólogos casa comerciante"),
        ),
        Told(
            "La sequía amenaza la cosecha de aceituna",
            "Los agricultores temen perder la mitad de la cosecha si no llueve antes de octubre. "
            "El precio del aceite ya ha subido un tercio.",
            ("cosecha de aceitunas sequía", "precio del aceite"),
        ),
        Told(
            "Huelga de trenes el viernes",
            "Los sindicatos de maquinistas convocan una huelga de veinticuatro horas para pedir "
            "mejores turnos. Solo circulará uno de cada tres trenes.",
            ("huelga de maquinistas", "trenes viernes"),
        ),
        Told(
            "Una escuela abre sus puertas a los vecinos",
            "El colegio del barrio ofrece su biblioteca y su patio por las tardes. Las familias "
            "piden que la experiencia llegue a otras escuelas.",
            ("biblioteca del colegio por las tardes", "patio escolar vecinos"),
        ),
    ],
    "de": [
        Told(
            "Sturmflut beschädigt die Hafenmauer",
            "Nach der Sturmflut ist die Mauer am alten Hafen auf zwanzig Metern gebrochen. Die "
            "Fähren zu den Inseln fahren bis auf Weiteres nicht.",
            ("Fähren zu den Inseln", "gebrochene Mauer Hafen"),
        ),
        Told(
            "Stadtrat beschließt neuen Haushalt",
            "Der Stadtrat hat den Haushalt mit knapper Mehrheit beschlossen. Für Schulen gibt es "
            "mehr Geld, die Gebühren für Kindergärten steigen trotzdem.",
            ("Haushalt Stadtrat", "steigende Gebühren Kindergarten"),
        ),
        Told(
            "Wölfe kehren in den Wald zurück",
            "Eine Kamera hat ein Rudel mit vier Welpen aufgenommen. Schäfer verlangen Zäune und "
            "Entschädigung für gerissene Tiere.",
            ("Wolf Rudel Kamera", "Entschädigung für Schäfer"),
        ),
        Told(
            "Museum gibt geraubte Bilder zurück",
            "Zwei Gemälde kehren zu den Erben einer jüdischen Familie zurück. Das Museum hatte sie "
            "nach dem Krieg auf einer Auktion gekauft.",
            ("geraubte Gemälde Erben", "Museum Auktion Familie"),
        ),
        Told(
            "Bahnstrecke bleibt bis Herbst gesperrt",
            "Wegen einer baufälligen Brücke fahren zwischen beiden Städten nur Busse. Pendler "
            "brauchen eine Stunde länger.",
            ("gesperrte Bahnstrecke", "Busse Pendler Brücke"),
        ),
        Told(
            "Bäckerei backt wieder mit Holz",
            "Ein junger Bäcker heizt den Ofen seines Großvaters wieder mit Holz. Das Brot ist "
            "jeden Morgen um neun ausverkauft.",
            ("Bäcker Ofen Holz", "Brot ausverkauft"),
        ),
    ],
    "fr": [
        Told(
            "Le vieux pont fermé aux camions",
            "La mairie interdit le vieux pont aux camions après la découverte de fissures. Les "
            "commerçants du quai craignent de perdre leurs livraisons.",
            ("pont interdit aux camions", "livraisons des commerçants"),
        ),
        Told(
            "Grève dans les hôpitaux",
            "Les infirmières demandent des embauches et de meilleurs salaires. Les opérations qui "
            "ne sont pas urgentes sont reportées d'une semaine.",
            ("grève des infirmières", "opérations reportées hôpital"),
        ),
        Told(
            "Les vendanges commencent plus tôt",
            "Après un été très chaud, les vignerons ont cueilli les premiers raisins en août. Le "
            "vin sera plus fort que d'habitude.",
            ("vendange en août", "vignerons raisin chaleur"),
        ),
        Told(
            "Un manuscrit retrouvé dans un grenier",
            "Une famille a découvert dans son grenier les lettres d'une romancière oubliée. La "
            "bibliothèque de la ville les expose cet hiver.",
            ("lettres de la romancière", "manuscrits grenier bibliothèque"),
        ),
        Told(
            "L'équipe monte en première division",
            "Le club a battu son rival trois buts à un devant vingt mille supporters. "
            "L'entraîneur promet de garder ses jeunes joueurs.",
            ("club monte division", "entraîneur jeunes joueurs"),
        ),
        Told(
            "La mer avance sur les dunes",
            "Une tempête a emporté six mètres de dune en une nuit. La commune veut déplacer le "
            "camping vers l'intérieur des terres.",
            ("dunes emportées tempête", "déplacer le camping"),
        ),
    ],
    "pt": [
        Told(
            "Incêndio destrói mercado histórico",
            "O fogo começou de madrugada numa banca de peixe e destruiu metade do mercado. Os "
            "bombeiros demoraram quatro horas a apagar as chamas.",
            ("incêndio no mercado", "bombeiros apagaram chamas"),
        ),
        Told(
            "Governo baixa o preço dos passes",
            "Os passes de autocarro e de comboio ficam mais baratos em janeiro. As câmaras dizem "
            "que faltam motoristas para mais carreiras.",
            ("passes mais baratos", "falta de motoristas autocarro"),
        ),
        Told(
            "Pescadores devolvem tartaruga ao oceano",
            "A tartaruga estava presa numa rede abandonada. Biólogos colocaram um emissor na "
            "carapaça para seguir a viagem.",
            ("tartaruga presa na rede", "biólogos seguem viagem"),
        ),
        Told(
            "Universidade abre residência para estudantes",
            "A nova residência tem trezentos quartos num antigo quartel. As rendas na cidade "
            "duplicaram em cinco anos.",
            ("residência de estudantes", "rendas duplicam cidade"),
        ),
        Told(
            "Barragem atinge o nível mais baixo",
            "A falta de chuva deixou à vista uma aldeia submersa há cinquenta anos. Os "
            "agricultores pedem água para os laranjais.",
            ("aldeia submersa barragem", "água para agricultores"),
        ),
        Told(
            "Festival de fado enche a colina",
            "Dez mil pessoas ouviram fado nas ruas do bairro antigo. Os moradores queixam-se do "
            "barulho e do lixo.",
            ("festival fado", "moradores barulho lixo"),
        ),
    ],
}

QUESTIONS = [
    (language, place, question)
    for language, told in ARTICLES.items()
    for place, one in enumerate(told)
    for question in one.questions
]


@pytest.fixture(scope="module")
def archive() -> Iterator[SearchArticles]:
    """All four languages side by side."""
    documents = [
        Document(f"{language}-{place}", one.title, one.text, language)
        for language, told in ARTICLES.items()
        for place, one in enumerate(told)
    ]
    with searching(Dataset("languages", documents, []), StaticEmbedder.open()) as search:
        yield search


@pytest.mark.parametrize(("language", "place", "question"), QUESTIONS)
def test_an_article_is_found_first_by_its_words(
    archive: SearchArticles, language: str, place: int, question: str
) -> None:
    assert order(archive, question, Mode.KEYWORD)[0] == f"{language}-{place}"


@pytest.mark.parametrize(("language", "place", "question"), QUESTIONS)
def test_meaning_does_not_spoil_it(
    archive: SearchArticles, language: str, place: int, question: str
) -> None:
    assert order(archive, question, Mode.HYBRID)[0] == f"{language}-{place}"
