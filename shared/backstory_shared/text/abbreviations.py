"""Abbreviations: words whose full stop does not, or need not, end a sentence.

Most are the Unicode CLDR's (`language_tables`), which does not say what follows them: they are taken
for such as may end a sentence too. What it lacks, and what a name or a number follows, is added.
"""

from dataclasses import dataclass, replace

from backstory_shared.text.language_tables import ABBREVIATIONS, SHORT_MONTHS


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """What a splitter must know of a language. All words without their last full stop.

    `leading`: a name or a word always follows (Mr. Smith). `numbered`: a number follows (No. 5).
    `closing`: may also end a sentence, which only the next word can tell (Apple Inc.).
    `openers`: words that, in capitals, nearly always begin a sentence. `ordinals`: the language
    writes 3. for third. `capitals`: sentences begin with them.
    """

    leading: frozenset[str]
    numbered: frozenset[str]
    closing: frozenset[str]
    openers: frozenset[str]
    ordinals: bool = False
    capitals: bool = True


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = Abbreviations(
    leading=_words(
        "Mr Mrs Ms Mx Messrs Dr Prof Gen Sen Sens Rep Reps Gov Govs Lt Col Sgt Cpl Capt Cmdr Cdr "
        "Adm Maj Brig Pvt Pfc Rev Fr Hon St Ste Mt Ft Msgr Pres Supt Det Insp Amb Atty Asst Assn "
        "Dist vs v cf eg ie e.g i.e viz approx est Ph"
    ),
    numbered=_words(
        "No Nos no nos p pp pg vol ch sec fig par art Art Sec Fig Vol Ch Jan Feb Mar Apr Jun Jul "
        "Aug Sep Sept Oct Nov Dec ca c Rs"
    ),
    closing=ABBREVIATIONS["en"]
    | _words(
        "Inc Ltd Co Corp Cos Bros Jr Sr Esq etc al LLC plc Ph.D M.D B.A M.A D.C U.S U.K U.N E.U "
        "U.S.A a.m p.m A.M P.M Ave Blvd Rd Dept Univ Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill "
        "Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash "
        "Wis Wyo"
    ),
    openers=_words(
        "A About According After All Also Although Among An And Another Any As At Because Before "
        "But "
        "By Despite During Each Even Every Few For From He Her Here His How However I If In "
        "Instead "
        "Into It Its Last Later Many Meanwhile More Most My Nearly Neither No None Nor Not Now "
        "Of On "
        "Once One Only Or Other Others Our Over Police She Since So Some Still Such That The Their "
        "Then There These They This Those Though Through To Today Two Under Unlike Until We What "
        "When "
        "Where Whether Which While Who Why With Without Yet You Your"
    ),
)

_GERMAN = Abbreviations(
    leading=_words(
        "Dr Prof Hr Hrn Fr Frl Ing Dipl Mag St Hl hl bzw ca vgl sog evtl ggf inkl exkl geb gest "
        "verh "
        "gegr u z d i o a s S Abb bes etc.h max min insb insbes zzgl abzgl Mio Mrd Tsd Std Min Sek "
        "Str str Pl Tel Ges Gem z.B d.h u.a i.d.R o.g s.o s.u v.a z.T z.Zt u.U m.E"
    ),
    numbered=SHORT_MONTHS["de"] | _words("Nr Nrn Art Abs Kap Bd Jg Aufl Rn Rz Ziff §"),
    closing=ABBREVIATIONS["de"] | _words("usw etc bspw AG Co Inc Corp Jr u.ä o.ä u.v.m"),
    openers=_words(
        "Aber Alle Als Am An Auch Auf Aus Bei Beim Bis Da Dabei Dafür Damit Danach Dann Das Dass "
        "Dem "
        "Den Denn Der Des Deshalb Die Dies Diese Dieser Dieses Doch Dort Durch Ein Eine Einem "
        "Einen "
        "Einer Er Es Für Gegen Hier Ihr Ihre Im In Ist Jetzt Laut Man Mehr Mit Nach Nachdem "
        "Nicht Noch "
        "Nun Nur Ob Obwohl Oder Ohne Seit Sein Seine Sie So Solche Später Trotz Über Um Und "
        "Unter Viele "
        "Vom Von Vor Während Wann Warum Was Weil Wenn Wer Wie Wir Wo Zu Zudem Zum Zur Zwar Zwei"
    ),
    ordinals=True,
)

_SPANISH = Abbreviations(
    leading=_words(
        "Sr Sra Sres Sras Srta Dr Dra D Dña Da Lic Ing Arq Gral Cnel Cap Tte Sgto Prof Profa "
        "Pdte Pdta "
        "Mons Rvdo Hno Sto Sta Av Avda Ud Uds Vd Vds EE p.ej ej cf aprox"
    ),
    numbered=SHORT_MONTHS["es"]
    | _words("No Núm núm Nº nº n art Art pág págs p pp cap vol fig tel Tel"),
    closing=ABBREVIATIONS["es"]
    | _words("etc S.A S.L EE.UU EE.\u00a0UU Cía Ltda Inc Corp a.m p.m a.C d.C Jr"),
    openers=_words(
        "A Además Al Algunos Ante Antes Así Aunque Ayer Como Con Cuando De Del Desde Después "
        "Durante El "
        "Ella Ellas Ellos En Entre Es Esa Ese Eso Esta Estas Este Esto Estos Hasta Hay Hoy La "
        "Las Le Lo "
        "Los Más Mientras Muchos Ni No Nos O Otra Otro Para Pero Por Porque Pues Que Se Según Si "
        "Sin "
        "Sobre Su Sus También Tampoco Todos Tras Un Una Unos Y Ya"
    ),
)

_FRENCH = Abbreviations(
    leading=_words(
        "M MM Mme Mmes Mlle Mlles Mgr Me Mes Dr Pr Prof St Ste Sts Cdt Cne Col Gal Gén Lt cf env "
        "av bd boul p.ex ex ap apr"
    ),
    numbered=SHORT_MONTHS["fr"] | _words("No no n N art Art p pp vol chap fig tél Tél"),
    closing=ABBREVIATIONS["fr"] | _words("etc S.A S.A.R.L Cie Inc Corp Ltd J.-C Jr"),
    openers=_words(
        "À A Ainsi Alors Après Au Aucun Aussi Autre Aux Avant Avec Ce Cela Celle Celui Ces Cet "
        "Cette "
        "C'est Chaque Comme D'après Dans De Depuis Des Dès Deux Du Elle Elles En Enfin Ensuite "
        "Entre Et "
        "Face Hier Il Ils Je L La Le Les Leur Leurs Lors Lorsque Mais Malgré Même Ni Non Nos "
        "Notre Nous "
        "On Or Ou Où Par Parce Pendant Plus Plusieurs Pour Pourtant Puis Quand Que Quelques Qui "
        "Sa Sans "
        "Se Selon Ses Si Son Sous Sur Tous Tout Toutefois Un Une Vers Voici Voilà Vous"
    ),
)

_PORTUGUESE = Abbreviations(
    leading=_words(
        "Sr Sra Srs Sras Srta Dr Dra Drs Prof Profa Eng Enga Gal Gen Cel Cap Ten Sgt Maj D Dom Exmo "
        "Exma Ilmo V.Exa S.Exa Sto Sta Av Pe Mons Dep Sen Gov Min Pres Adv Des cf aprox p.ex ex"
    ),
    numbered=SHORT_MONTHS["pt"]
    | _words("N n No no Nº nº núm art Art pág págs p pp cap vol fig tel Tel inc par"),
    closing=ABBREVIATIONS["pt"] | _words("etc S.A Ltda Cia Inc Corp Jr a.C d.C EUA E.U.A"),
    openers=_words(
        "A Agora Além Ainda Algumas Alguns Antes Ao Aos Apesar Após As Assim Até Cada Com Como Da "
        "Das De Depois Desde Do Dos Durante E Ela Elas Ele Eles Em Enquanto Entre Era Essa Esse "
        "Esta Este Eu Foi Foram Há Hoje Isso Já Mais Mas Muitos Na Não Nas Nem No Nos O Onde Ontem "
        "Os Ou Outra Outro Para Pela Pelo Por Porém Porque Quando Que Quem Se Segundo Sem Seu Sob "
        "Sobre Sua Também Todos Um Uma Você"
    ),
)

_ITALIAN = Abbreviations(
    leading=_words(
        "Sig Sigg Sig.ra sig dott prof ing avv on Dott Dr Dott.ssa Prof Prof.ssa Ing Avv Arch Geom Rag On Sen Gen Col "
        "Cap Ten Magg Mons Don S SS Ss Egr Gent Spett cfr cf ca es p.es"
    ),
    numbered=SHORT_MONTHS["it"]
    | _words("n N nr art Art artt pag pagg p pp cap vol fig tel Tel co sez"),
    closing=ABBREVIATIONS["it"] | _words("ecc etc S.p.A S.r.l Inc Corp Jr a.C d.C U.S.A"),
    openers=_words(
        "A Ad Ai Al Alla Alle Anche Ancora Che Chi Ci Come Con Così Da Dai Dal Dalla Dall Dei Del "
        "Della Delle Dopo Dove Due Durante È E Ed Era Fino Già Gli Ha Hanno I Ieri Il In Invece "
        "Io L La Le Lei Lo Loro Lui Ma Mentre Molti Nei Nel Nell Nella Nelle Nessuno Noi Non Oggi "
        "Ogni Ora Per Perché Però Più Poi Prima Quando Quella Quello Questa Queste Questi Questo "
        "Se Secondo Sei Senza Si Solo Sono Su Sui Sul Sulla Tra Tutti Un Una Uno"
    ),
)

_RUSSIAN = Abbreviations(
    leading=_words(
        "г-н г-жа им ул пл пр просп д корп кв обл р-н о с св т тт проф акад ген полк майор кап "
        "докт "
        "канд см ср напр т.е т.н т.к"
    ),
    numbered=_words("№ стр гл рис табл ст п пп"),
    closing=ABBREVIATIONS["ru"]
    | _words("г гг в вв др пр руб коп тыс млн млрд долл чел т.д т.п н.э"),
    openers=_words(
        "А Без Более Было Был В Во Вот Все Всё Г Где Для До Его Ее Её Если Ещё Еще За И Из Из-за "
        "Их К "
        "Как Когда Кроме Кто Мы На Например Не Но Но О Об Однако Он Она Они Оно От По Под Позже "
        "После "
        "Поэтому При Ранее С Сейчас Согласно Так Также Там То Тогда У Хотя Через Что Чтобы Эта "
        "Эти Это "
        "Этот Я"
    ),
)

_HINDI = Abbreviations(
    leading=_words("डॉ प्रो श्री कु पं मो"),
    numbered=_words("रु नं"),
    closing=_words("कि.मी"),
    openers=frozenset(),
)

_TABLES = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "es": _SPANISH,
    "fr": _FRENCH,
    "pt": _PORTUGUESE,
    "it": _ITALIAN,
    "ru": _RUSSIAN,
    "uk": _RUSSIAN,
    "hi": _HINDI,
}


def _united(tables: list[Abbreviations]) -> Abbreviations:
    """For a text whose language is not known: every table at once."""
    return Abbreviations(
        leading=frozenset().union(*(table.leading for table in tables)),
        numbered=frozenset().union(*(table.numbered for table in tables)),
        closing=frozenset().union(*(table.closing for table in tables)),
        openers=frozenset().union(*(table.openers for table in tables)),
    )


_ANY = _united([_ENGLISH, _SPANISH, _FRENCH, _PORTUGUESE, _ITALIAN])


def abbreviations(language: str | None) -> Abbreviations:
    """The table of a language; where there is none, the ones most often seen, united."""
    return _TABLES.get(language or "", _ANY)


def without_capitals(table: Abbreviations) -> Abbreviations:
    """The table for a text that has no capital at all."""
    return replace(
        table,
        leading=frozenset(map(str.lower, table.leading)),
        numbered=frozenset(map(str.lower, table.numbered)),
        closing=frozenset(map(str.lower, table.closing)),
        openers=frozenset(map(str.lower, table.openers)),
        capitals=False,
    )
