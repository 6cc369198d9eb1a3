"""The words a ranker must know: stop words, and the openers that lean on the sentence before."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's tables, in lower case."""

    stop: frozenset[str]
    #: First words that point back: without its predecessor such a sentence hangs in the air.
    openers: frozenset[str]
    #: Words for "this": followed by a noun they point back as well ("The move", "Such plans").
    pointers: frozenset[str]
    #: Words for "also" that lean on what was said before, anywhere near the start.
    additions: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = Words(
    stop=_words(
        "a about above after again against all also am an and any are as at be because been before "
        "being below between both but by can could did do does doing down during each few for from "
        "further had has have having he her here hers him his how i if in into is it its itself "
        "just me more most my no nor not now of off on once only or other our out over own said "
        "same say says she should so some such than that the their them then there these they this "
        "those through to too under until up very was we were what when where which while who whom "
        "why will with would you your yours mr mrs ms dr new one two last first year years told"
    ),
    openers=_words(
        "he she it they him her his its their them this that these those but and or so yet however "
        "also instead meanwhile moreover furthermore therefore thus hence nevertheless nonetheless "
        "otherwise similarly likewise then there afterwards besides still such both neither either "
        "another others the-latter the-former elsewhere again consequently indeed accordingly "
        "what why how because which while"
    ),
    pointers=_words("the this that these those such"),
    additions=_words("also too additionally likewise similarly"),
)

_SPANISH = Words(
    stop=_words(
        "a al algo algunas algunos ante antes aquel aquella como con contra cual cuando de del desde "
        "donde dos durante e el ella ellas ellos en entre era eran es esa esas ese eso esos esta "
        "está están estas este esto estos fue fueron ha habían había han hasta hay la las le les lo "
        "los más me mi mientras muy nada ni no nos nosotros o os otra otras otro otros para pero "
        "poco por porque que qué quien quienes se sea ser si sí sido sin sobre son su sus también "
        "tan tanto te tiene tienen todo todos tras tu un una unas uno unos ya y yo año años dijo"
    ),
    openers=_words(
        "él ella ellos ellas esto eso este esta estos estas ese esa pero y o sin además también "
        "asimismo entonces luego después mientras aunque así por ambos ambas otro otra otros otras "
        "su sus allí ahí tal tales"
    ),
    pointers=_words("este esta estos estas ese esa esos esas dicho dicha tal tales"),
    additions=_words("también además asimismo"),
)

_GERMAN = Words(
    stop=_words(
        "aber alle als also am an auch auf aus bei beim bis bin bist da damit dann das dass daß dein "
        "dem den denn der des dessen die dies diese diesem diesen dieser dieses doch dort du durch "
        "ein eine einem einen einer eines er es etwas euer für gegen gewesen hab habe haben hat "
        "hatte hatten hier hin hinter ich ihr ihre ihrem ihren ihrer im in ist ja jede jedem jeden "
        "jeder jedes jetzt kann kein keine können könnte man mehr mein mit nach nicht nichts noch "
        "nun nur ob oder ohne sagte sein seine seinem seinen seiner seit sich sie sind so solche "
        "soll sollen sondern sonst über um und uns unser unter vom von vor war waren was weil "
        "welche welcher wenn wer werde werden wie wieder will wir wird wo worden wurde wurden "
        "zu zum zur zwar zwei zwischen jahr jahre jahren"
    ),
    openers=_words(
        "er sie es ihm ihr ihnen sein seine ihre dies diese dieser dieses das damit dabei dafür "
        "dagegen danach daher darum deshalb deswegen dennoch trotzdem aber doch und oder auch "
        "außerdem zudem ferner dann dort hier inzwischen unterdessen hingegen jedoch beide solche "
        "ebenso ebenfalls stattdessen"
    ),
    pointers=_words("dieser diese dieses diesen diesem solche jener jene"),
    additions=_words("auch außerdem zudem ebenfalls ebenso"),
)

_FRENCH = Words(
    stop=_words(
        "a à ai ainsi alors après au aussi autre autres aux avait avant avec avoir c ça car ce ceci "
        "cela celle celles celui ces cet cette ceux chez comme d dans de depuis des deux dit donc du "
        "elle elles en encore entre est et été être eu eux fait faire il ils j je l la le les leur "
        "leurs lui m ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par pas pendant "
        "peu peut plus pour pourquoi qu quand que quel quelle qui s sa sans se sera ses si son sont "
        "sous sur t ta te tes toi ton tous tout toute toutes très tu un une vos votre vous y an ans "
        "année années"
    ),
    openers=_words(
        "il elle ils elles celui celle ceux ce cela ceci cette ces cet mais et ou donc or ainsi "
        "aussi également toutefois cependant pourtant néanmoins ensuite puis alors enfin outre "
        "leur leurs son sa ses là tous"
    ),
    pointers=_words("ce cet cette ces"),
    additions=_words("aussi également"),
)

WORDS: Mapping[str, Words] = {
    "en": _ENGLISH,
    "es": _SPANISH,
    "de": _GERMAN,
    "fr": _FRENCH,
}

#: For a language without tables: nothing is known, and nothing is taken for a stop word.
NO_WORDS = Words(frozenset(), frozenset(), frozenset(), frozenset())
