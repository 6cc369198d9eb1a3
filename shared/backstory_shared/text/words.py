"""The words a summarizer must know: stop words, and the words that lean on what was said before.

Stop words and the calendar come from well-kept tables (`language_tables`), to which the stop words
of news are added ("said", "year"). What leans on the sentence before nobody keeps a table of.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from backstory_shared.text.language_tables import CALENDAR, STOP_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's tables, in lower case; an apostrophe parts two words."""

    stop: frozenset[str]
    #: First words that point back: without its predecessor such a sentence hangs in the air.
    openers: frozenset[str]
    #: Openers of several words ("as a result"), for the same reason.
    phrases: tuple[str, ...]
    #: Beginnings that look like an opener and yet stand alone ("this week", "there are").
    stands: tuple[str, ...]
    #: Words that point back if a comma follows them ("Second, ...", "Previously, ...").
    before_comma: frozenset[str] = frozenset()
    #: Words that begin a phrase in which nobody does anything ("In a statement, he ...").
    no_subject: frozenset[str] = frozenset()
    #: Pronouns for somebody to whom something is done: at the beginning nobody knows who that is.
    objects: frozenset[str] = frozenset()
    #: Words for "the" and "this": before a stand-in they point back ("The move", "Such plans").
    pointers: frozenset[str]
    #: Nouns that stand for what was said before.
    stand_ins: frozenset[str]
    #: Those of them that stand for somebody, and not for what was said or done.
    people: frozenset[str]
    #: Words for "also", which add to something that must be there to be added to.
    additions: frozenset[str]
    #: Words after which "also" adds to its own sentence ("who also", "but also").
    within: frozenset[str]
    #: Words that begin a phrase before the subject ("After", "In"), and pronouns within it.
    before_subject: frozenset[str]
    pronouns: frozenset[str]
    #: Pronouns that stand for somebody: who that is, the sentence before has to say.
    somebody: frozenset[str]
    #: Pronouns for several, people or things.
    several: frozenset[str]
    #: Words for "of": "The extent of her injuries" speaks of somebody named before.
    of: frozenset[str] = frozenset()
    #: How adverbs end: one at the beginning ("Fortunately, ...") names nobody.
    adverbs: tuple[str, ...]
    #: Days and months: they have capitals, and are nobody's names.
    calendar: frozenset[str]
    #: What follows a quotation whose speaker was named before ('..." he said').
    attributions: tuple[str, ...]
    #: Words for "I" and "you": in them somebody speaks, and not the news.
    person: frozenset[str]
    #: Whether every noun has a capital, so that capitals say nothing.
    capital_nouns: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip())


#: "Two days later" than what?
_LATER = tuple(
    f"{count} {unit}{plural} later"
    for counts, plural in (
        ("a an one", ""),
        ("two three four five six seven eight nine ten several many", "s"),
    )
    for count in counts.split()
    for unit in ("minute", "hour", "day", "week", "month", "year")
)

_ENGLISH = Words(
    stop=_words(
        "a about above after again against all also am an and any are as at be because been before "
        "being below between both but by can could did do does doing down during each few for from "
        "further had has have having he her here hers him his how i if in into is it its itself "
        "just me more most my no nor not now of off on once only or other our out over own said "
        "same say says she should so some such than that the their them then there these they this "
        "those through to too under until up very was we were what when where which while who whom "
        "why will with would you your yours mr mrs ms dr new one two last first year years told "
        "time times later earlier three four five six seven eight nine ten"
    ),
    openers=_words(
        "he she it they them him her his hers its their theirs this that these those but and or so "
        "yet however also instead meanwhile moreover furthermore therefore thus hence nevertheless "
        "nonetheless otherwise similarly likewise then there afterwards besides still such both "
        "another others elsewhere again consequently indeed accordingly because which too yes "
        "additionally finally either regardless later further additional nor"
    ),
    before_comma=_words(
        "first second third fourth firstly secondly thirdly lastly next previously historically "
        "traditionally originally initially earlier eventually subsequently altogether overall "
        "separately specifically alternatively conversely simultaneously"
    ),
    no_subject=_words("in with during despite at on by from without under like unlike for through"),
    objects=_words("him them"),
    phrases=_phrases(
        "in addition, as a result, for example, for instance, at the time, at that time, "
        "since then, by then, by contrast, in contrast, in turn, in response, even so, after that, "
        "as such, in fact, of course, on the other hand, in other words, at the same time, "
        "one had, one was, one is, one has, one recently, some were, some had, some have, "
        "the former, the latter, the two, the three, the other, one of them, some of them, "
        "many of them, none of them, most of them, all of them, the same, in that, in this, all this, such a, "
        "at this, on that, what is more, to that end, if so, if not, more than that, "
        "not only that, only then, all that, all those, all these, as for, that said, turns out, in truth, "
        "in particular, in short, in all, all told, in reality, in the meantime, until then, "
        "at one point, at that point, on top of that, to that, to do so, to do that, even then, "
        "on the contrary, in that case, in this case, after all, by comparison, soon after, "
        "shortly afterwards, among them, among those, of those, of these, of the two, for his part, "
        "for her part, for its part, for their part, the next day, the following day, "
        "the following week, the next morning, the following morning, the day before, "
        "the others, some even, some also, some say, some are, some still, many have, "
        "many had, many were, many are, most were, most are, most have, several have, several had, "
        "several were, all were, all are, all have, none of, neither of, "
        "all of that, all of this, all of those, all of these, together they, just like that, "
        "no it, no he, no she, except this, except that"
    )
    + _LATER,
    stands=_phrases(
        "this week, this month, this year, this summer, this winter, this spring, this autumn, "
        "this season, this morning, this afternoon, this evening, this weekend, those who, "
        "those in, those with, those living, those working, there is, there are, there was, "
        "there were, there will, there has, there have, because of, so far, so many, such as, "
        "later this, later in, later on"
    ),
    pointers=_words("the this that these those such"),
    stand_ins=_words(
        "actor actress agreement announcement artist attack author blast boy campaign case change changes comments "
        "company couple court crash deal decision development disclosure driver duo effect episode "
        "event evidence explosion figure figures film findings firm game girl group idea incident "
        "investigation issue judge killing law lawsuit letter man match measure measures meeting "
        "men minister move movie news number numbers observation official officials operation "
        "pair party plan plans policy proposal program programme project question reason remarks "
        "report result results ruling scheme shooting show situation song spokesman spokeswoman "
        "statement step story study suit survey suspect suspects team teenager trial victim "
        "victims video vote woman women post tweet allegations charges accusations"
    ),
    people=_words(
        "actor actress artist author boy company couple driver duo firm game film girl group judge man match men "
        "minister movie officials official pair party show song spokesman spokeswoman "
        "suspect suspects team teenager victim victims woman women video crash explosion "
        "shooting blast attack killing trial"
    ),
    additions=_words("also additionally likewise similarly however moreover therefore"),
    within=_words("and but who which that or not only"),
    before_subject=_words(
        "in after before when if as for with since during despite at on to by from following "
        "although though once until without under among of like unlike while asked given"
    ),
    pronouns=_words("he she they him them his her their its it this that these those"),
    somebody=_words("he she him her his hers"),
    several=_words("they them their theirs"),
    of=_words("of"),
    adverbs=("ly",),
    calendar=CALENDAR["en"],
    attributions=_phrases(
        "he said, she said, they said, he says, she says, they say, he added, she added, he told, "
        "she told, they told, he wrote, she wrote, he asked, she asked, said he, said she, he and, "
        "she and, he recalled, she recalled, he explained, she explained, he continued, "
        "she continued, it said, it says, it added, the statement"
    ),
    person=_words("i we my our you your me us myself ourselves let"),
)

_SPANISH = Words(
    stop=STOP_WORDS["es"]
    | _words(
        "a al algo algunas algunos ante antes aquel aquella como con contra cual cuando de del desde "
        "donde dos durante e el ella ellas ellos en entre era eran es esa esas ese eso esos esta "
        "está están estas este esto estos fue fueron ha habían había han hasta hay la las le les lo "
        "los más me mi mientras muy nada ni no nos nosotros o os otra otras otro otros para pero "
        "poco por porque que qué quien quienes se sea ser si sí sido sin sobre son su sus también "
        "tan tanto te tiene tienen todo todos tras tu un una unas uno unos ya y yo año años dijo"
    ),
    openers=_words(
        "él ella ellos ellas esto eso este esta estos estas ese esa esos esas aquel aquella pero y "
        "o además también asimismo entonces luego después aun aunque así ambos ambas otro otra "
        "otros otras su sus allí ahí tal tales igualmente tampoco incluso porque pues finalmente"
    ),
    before_comma=_words(
        "primero segundo tercero previamente anteriormente históricamente tradicionalmente "
        "inicialmente posteriormente antes paralelamente"
    ),
    phrases=_phrases(
        "sin embargo, no obstante, por eso, por ello, por lo tanto, por tanto, en cambio, "
        "de hecho, por su parte, por otra parte, por otro lado, al mismo tiempo, mientras tanto, "
        "en ese, en esa, en este, en esta, en aquel, a su vez, con ello, desde entonces, de ahí, "
        "por ejemplo, en consecuencia, a pesar de ello, lo mismo, según él, según ella"
    ),
    stands=_phrases(
        "esta semana, este mes, este año, este lunes, este martes, este miércoles, este jueves, "
        "este viernes, este sábado, este domingo, esta mañana, esta tarde, esta noche, "
        "este verano, este invierno, esta primavera, este otoño, así como"
    ),
    pointers=_words("el la los las este esta estos estas ese esa esos esas dicho dicha tal tales"),
    stand_ins=_words(
        "acuerdo anuncio ataque caso cambio cambios cifra cifras compañía decisión empresa estudio "
        "hecho hechos hombre incidente informe iniciativa investigación ley medida medidas mujer "
        "noticia paso plan planes portavoz programa propuesta proyecto resultado resultados "
        "sentencia situación suceso víctima víctimas encuesta comunicado dos primero segundo "
        "anterior último texto norma obra"
    ),
    people=_words("compañía empresa hombre mujer portavoz víctima víctimas ataque obra texto"),
    additions=_words("también además asimismo igualmente tampoco"),
    within=_words("y sino pero que quien quienes o como ni"),
    before_subject=_words(
        "en tras después antes cuando si como para con desde durante según a por"
    ),
    pronouns=_words("él ella ellos ellas su sus esto eso ello este esta ese esa"),
    somebody=_words("él ella su sus"),
    several=_words("ellos ellas"),
    adverbs=("mente",),
    calendar=CALENDAR["es"],
    attributions=_phrases(
        "dijo él, dijo ella, añadió, agregó, explicó, señaló, afirmó, dijo, aseguró, concluyó, "
        "declaró, indicó, contó, relató"
    ),
    person=_words("yo nosotros mi mis nuestro nuestra usted ustedes tú me nos"),
)

_GERMAN = Words(
    stop=STOP_WORDS["de"]
    | _words(
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
        "er sie es ihm ihr ihnen ihn sein seine seinen seinem seiner ihre ihren ihrem ihrer dies "
        "diese dieser dieses diesen diesem das damit dabei dafür dagegen danach daher darum darauf "
        "daraufhin davon dazu daran darin deshalb deswegen dennoch trotzdem aber doch und oder "
        "auch außerdem zudem ferner dann dort inzwischen unterdessen hingegen jedoch beide solche "
        "solch ebenso ebenfalls stattdessen allerdings schließlich somit folglich so sonst denn "
        "andere weitere jener jene derweil demnach überdies vielmehr zuvor anschließend"
    ),
    phrases=_phrases(
        "zum beispiel, darüber hinaus, im gegenteil, im gegensatz dazu, aus diesem grund, "
        "zur gleichen zeit, seit damals, in diesem, in dieser, bei diesem, mit diesem, mit dieser, "
        "nach diesem, auf diese, nicht zuletzt, unter anderem, letzteres, ersteres"
    ),
    stands=_phrases(
        "diese woche, diesen monat, dieses jahr, diesen sommer, diesen winter, in diesem jahr, "
        "in dieser woche, in diesem monat, in diesem sommer, in diesem winter, das sind, "
        "beide seiten, so viele"
    ),
    pointers=_words("der die das den dem dieser diese dieses diesen diesem solche jener jene"),
    stand_ins=_words(
        "abstimmung änderung ankündigung angaben anschlag behörde bericht beschluss entscheidung "
        "ergebnis ergebnisse erklärung fall firma frau gericht gesetz gruppe gutachten idee "
        "initiative kritik maßnahme maßnahmen mann mitteilung nachricht plan pläne projekt "
        "programm regelung schritt situation sprecher sprecherin studie täter tat treffen "
        "umfrage unfall unternehmen untersuchung urteil verfahren verletzten vorfall vorhaben "
        "vorschlag vorwürfe zahl zahlen beiden opfer werk"
    ),
    people=_words(
        "behörde firma frau gericht gruppe mann sprecher sprecherin täter unternehmen "
        "verletzten opfer beiden anschlag unfall werk"
    ),
    additions=_words("auch außerdem zudem ebenfalls ebenso ferner"),
    within=_words("und sondern die der das oder aber wenn als sowohl wie es nicht was ob"),
    before_subject=_words(
        "in nach vor als wenn wie für mit seit während bei auf aus trotz laut von"
    ),
    pronouns=_words(
        "er sie es ihm ihr ihnen ihn seinem seiner seinen seine ihrem ihrer ihren ihre dem diesem"
    ),
    somebody=_words("er sie ihm ihr ihn sein seine seinem seiner seinen ihre ihrem ihrer ihren"),
    several=_words("ihnen"),
    adverbs=("weise",),
    calendar=CALENDAR["de"],
    attributions=_phrases(
        "sagte er, sagte sie, so er, so sie, erklärte er, erklärte sie, fügte er, fügte sie, "
        "betonte er, betonte sie, hieß es, meinte er, meinte sie, schrieb er, schrieb sie, "
        "sagt er, sagt sie"
    ),
    person=_words("ich wir mein meine unser unsere uns mich mir du"),
    capital_nouns=True,
)

_FRENCH = Words(
    stop=STOP_WORDS["fr"]
    | _words(
        "a à ai ainsi alors après au aussi autre autres aux avait avant avec avoir c ça car ce ceci "
        "cela celle celles celui ces cet cette ceux chez comme d dans de depuis des deux dit donc du "
        "elle elles en encore entre est et été être eu eux fait faire il ils j je l la le les leur "
        "leurs lui m ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par pas pendant "
        "peu peut plus pour pourquoi qu quand que quel quelle qui s sa sans se sera ses si son sont "
        "sous sur t ta te tes toi ton tous tout toute toutes très tu un une vos votre vous y an ans "
        "année années"
    ),
    openers=_words(
        "il elle ils elles lui celui celle ceux celles ce c cela ceci ça cette ces cet mais et ou "
        "donc or ainsi aussi également toutefois cependant pourtant néanmoins ensuite puis alors "
        "enfin leur leurs son sa ses là car parce autre autres tel tels telle telles finalement "
        "dès parallèlement inversement notamment auparavant"
    ),
    no_subject=_words("dans sans avec selon pendant depuis à pour malgré lors sous"),
    before_comma=_words(
        "premièrement deuxièmement précédemment historiquement traditionnellement initialement"
    ),
    phrases=_phrases(
        "par ailleurs, en revanche, de plus, en outre, en effet, par exemple, pour autant, "
        "de son côté, de leur côté, pour sa part, à l inverse, dans le même temps, "
        "en même temps, au contraire, par conséquent, de ce fait, c est pourquoi, "
        "en conséquence, dans ce, dans cette, à cette, à ce, depuis lors, selon lui, "
        "selon elle, selon eux, d autre part, pour cela, les deux, la même, le même"
    ),
    stands=_phrases(
        "cette semaine, cette année, ce mois, cet été, cet hiver, cet automne, ce printemps, "
        "ce lundi, ce mardi, ce mercredi, ce jeudi, ce vendredi, ce samedi, ce dimanche, "
        "ce matin, ce soir, dans ce pays, ceux qui, celles qui, dès lundi, dès mardi, "
        "ainsi que"
    ),
    pointers=_words("le la les l ce cet cette ces"),
    stand_ins=_words(
        "accord annonce attaque affaire cas changement changements chiffre chiffres compagnie "
        "décision drame entreprise enquête étude événement femme fait faits groupe homme incident "
        "initiative loi mesure mesures nouvelle plan plans porte-parole procès programme "
        "projet proposition rapport résultat résultats réunion situation sondage suspect texte "
        "verdict victime victimes vote jugement dispositif ouvrage film somme"
    ),
    people=_words(
        "attaque compagnie entreprise femme groupe homme porte-parole suspect victime "
        "victimes ouvrage film drame procès"
    ),
    additions=_words("aussi également"),
    within=_words("et mais qui que ou d si"),
    before_subject=_words("en après avant quand si comme pour avec depuis durant selon à dans par"),
    pronouns=_words("il elle ils elles lui son sa ses leur leurs cela ce cette"),
    somebody=_words("il elle lui son sa ses"),
    several=_words("ils elles eux leur leurs"),
    adverbs=("ment",),
    calendar=CALENDAR["fr"],
    attributions=_phrases(
        "a-t-il, a-t-elle, dit-il, dit-elle, ajoute-t-il, ajoute-t-elle, explique-t-il, "
        "explique-t-elle, ont-ils, ont-elles, poursuit-il, poursuit-elle, assure-t-il, "
        "assure-t-elle, selon lui, selon elle"
    ),
    person=_words("je j nous mon ma mes notre nos vous votre moi"),
)

_PORTUGUESE = Words(
    stop=STOP_WORDS["pt"]
    | _words(
        "a à ao aos aquela aquele aquilo as às até ante após cada com como contra da das de dela "
        "dele deles delas depois desde do dos e é ela elas ele eles em entre era eram essa essas "
        "esse esses esta está estão estas este estes eu foi foram ha há isso isto já lhe lhes mais "
        "mas me mesmo meu minha muito na não nas nem no nos nós nossa nosso num numa o os ou onde "
        "outra outras outro outros para pela pelas pelo pelos perante pode podem por porque qual "
        "quando que quem se seja sem ser será seu seus sido sob sobre sua suas são também tão te "
        "tem têm teve ter tinha toda todas todo todos tu um uma umas uns você vocês disse ano anos "
        "dois duas"
    ),
    openers=_words(
        "ele ela eles elas isto isso este esta estes estas esse essa esses essas aquele aquela mas "
        "e ou porém contudo todavia entretanto além também assim então depois porque ambos ambas "
        "outro outra outros outras seu sua seus suas ali aí tal tais portanto logo ainda inclusive "
        "igualmente finalmente dele dela"
    ),
    before_comma=_words(
        "primeiro segundo anteriormente historicamente tradicionalmente inicialmente posteriormente"
    ),
    phrases=_phrases(
        "no entanto, por isso, além disso, por sua vez, ao mesmo tempo, em seguida, por exemplo, "
        "de facto, de fato, por outro lado, apesar disso, mesmo assim, com isso, desde então, "
        "nesse, nessa, neste caso, nesta, desse, dessa, em contrapartida, segundo ele, "
        "segundo ela, enquanto isso, diante disso, a partir daí, o mesmo, a mesma, os dois"
    ),
    stands=_phrases(
        "esta semana, este mês, este ano, esta segunda, esta terça, esta quarta, esta quinta, "
        "esta sexta, este sábado, este domingo, nesta segunda, nesta terça, nesta quarta, "
        "nesta quinta, nesta sexta, nesta semana, neste ano, assim como, além de, além da, "
        "além do, depois de, depois do, depois da, ainda não, ainda há"
    ),
    pointers=_words("o a os as este esta estes estas esse essa esses essas tal tais"),
    stand_ins=_words(
        "acordo anúncio ataque caso mudança mudanças número números companhia decisão empresa "
        "estudo facto fato homem incidente relatório iniciativa investigação lei medida medidas "
        "mulher notícia passo plano planos porta-voz programa proposta projeto resultado "
        "resultados sentença situação vítima vítimas pesquisa sondagem comunicado texto norma "
        "obra julgamento acidente crime suspeito dois"
    ),
    people=_words(
        "ataque companhia empresa homem mulher porta-voz vítima vítimas obra texto "
        "acidente crime suspeito julgamento"
    ),
    additions=_words("também igualmente"),
    within=_words("e mas que quem ou como"),
    before_subject=_words("em após antes quando se como para com desde durante segundo por na no"),
    pronouns=_words("ele ela eles elas seu sua seus suas isso isto dele dela"),
    somebody=_words("ele ela seu sua seus suas dele dela"),
    several=_words("eles elas deles delas"),
    adverbs=("mente",),
    calendar=CALENDAR["pt"],
    attributions=_phrases(
        "disse ele, disse ela, disse, afirmou, acrescentou, explicou, declarou, contou, completou, "
        "concluiu, ressaltou, sublinhou, garantiu"
    ),
    person=_words("eu nós meu minha nosso nossa você vocês me nos"),
)

_ITALIAN = Words(
    stop=STOP_WORDS["it"]
    | _words(
        "a ad ai al alla alle agli all anche ancora anni anno avere aveva c che chi ci come con "
        "contro così cui d da dai dal dalla dalle dagli dall degli dei del della delle dell di "
        "dopo dove due durante e è ed era erano essere fa fino fra fu gli ha hanno ho i il in io "
        "la le lei li lo loro lui l ma mentre mi mia mio molto ne nei nel nella nelle nello negli "
        "nell noi non nostra nostro o ogni oltre ora per perché però più poi prima può quale quali "
        "quando quanto quella quelle quelli quello quell questa queste questi questo quest qui "
        "sarà se sei senza si sia sono stata state stati stato su sua sue sui sul sulla sulle sull "
        "suo suoi tra tu tutta tutte tutti tutto un una uno un vi detto"
    ),
    openers=_words(
        "lui lei loro egli ella essi esse questo questa questi queste quest quello quella quelli "
        "quelle quell ciò ma e ed o però tuttavia inoltre anche poi quindi dunque così allora "
        "infatti infine intanto invece entrambi entrambe altri altre altro altra suo sua suoi sue "
        "lì là perché tale tali pure ancora perciò nemmeno neppure ne"
    ),
    before_comma=_words(
        "primo secondo precedentemente storicamente tradizionalmente inizialmente successivamente"
    ),
    phrases=_phrases(
        "per questo, per esempio, ad esempio, nel frattempo, in seguito, al contrario, "
        "di conseguenza, allo stesso tempo, in quel, in questo, in questa, in quella, da allora, "
        "d altra parte, dal canto suo, a sua volta, nonostante ciò, secondo lui, secondo lei, "
        "in effetti, di fatto, non solo, lo stesso, la stessa, i due, le due, c è, c era"
    ),
    stands=_phrases(
        "questa settimana, questo mese, quest anno, questa mattina, questa sera, "
        "questo pomeriggio, questa estate, questo inverno, anche se, così come, ancora oggi, "
        "chi ha, in questo momento"
    ),
    pointers=_words("il lo la i gli le l questo questa questi queste tale tali"),
    stand_ins=_words(
        "accordo annuncio attacco caso cambiamento cambiamenti cifra cifre compagnia decisione "
        "azienda studio fatto fatti uomo incidente rapporto iniziativa inchiesta indagine legge "
        "misura misure donna notizia passo piano piani portavoce programma proposta progetto "
        "risultato risultati sentenza situazione vittima vittime sondaggio comunicato testo norma "
        "opera processo provvedimento due"
    ),
    people=_words(
        "attacco compagnia azienda uomo donna portavoce vittima vittime opera testo processo"
    ),
    additions=_words("anche inoltre pure"),
    within=_words("e ma che chi o ed se come non perché"),
    before_subject=_words(
        "in dopo prima quando se come per con durante secondo da a nel nella nei"
    ),
    pronouns=_words("lui lei loro suo sua suoi sue questo questa ciò egli essi"),
    somebody=_words("lui lei suo sua suoi sue egli ella"),
    several=_words("loro essi esse"),
    adverbs=("mente",),
    calendar=CALENDAR["it"],
    attributions=_phrases(
        "ha detto, ha aggiunto, ha spiegato, ha dichiarato, ha affermato, ha concluso, "
        "ha sottolineato, ha raccontato, dice, spiega, aggiunge, conclude"
    ),
    person=_words("io noi mio mia nostro nostra voi mi ci"),
)

WORDS: Mapping[str, Words] = {
    "en": _ENGLISH,
    "es": _SPANISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "pt": _PORTUGUESE,
    "it": _ITALIAN,
}

#: For a language without tables: nothing is known, and nothing is taken for a stop word.
NO_WORDS = Words(
    stop=frozenset(),
    openers=frozenset(),
    phrases=(),
    stands=(),
    pointers=frozenset(),
    stand_ins=frozenset(),
    people=frozenset(),
    additions=frozenset(),
    within=frozenset(),
    before_subject=frozenset(),
    pronouns=frozenset(),
    somebody=frozenset(),
    several=frozenset(),
    adverbs=(),
    calendar=frozenset(),
    attributions=(),
    person=frozenset(),
)
