"""Invented names without end: name number 0 is in every paper, number 100,000 in one."""

import random


def _list(words: str) -> list[str]:
    return words.split()


_STARTS = _list(
    "Ash Bar Bel Brad Cal Carn Cor Dar Den Dor Dun El Far Fen Gar Gil Had Hal Hask Ing "
    "Kel Ken Lam Lang Lor Mar Mel Mor Nor Old Pem Quar Rad Ros Sal Stan Tar Thorn Wal Wen"
)
_MIDDLES = _list(
    "a be co de el fi go hu in jo ka le mi no or pu ra se ti ul va we xo yl zu an er il os um"
)
_PERSON_ENDS = _list(
    "by den dale der ding don ell ett field ford ger gill hurst ier ing kin ler ley low man "
    "mer ney nock ock per rick ridge row sen sley son stead ter tham ton tree ver wick worth"
)
_PLACE_ENDS = _list(
    "beck borough bourne bridge burgh bury by combe cote dale den ey fell field firth ford gate "
    "ham haven head holme hurst ing keld ley low mere minster moor mouth ness port quay "
    "stead stow thorpe ton wath well wick worth"
)
_FIRST = _list(
    "Ada Alban Amina Anouk Aron Beata Bram Cass Celeste Conor Dagny Dario Edda Elio Esme Farid "
    "Fenna Gael Greta Hanno Hilde Idris Imani Ines Jago Jonna Kaveh Kirsi Lena Leo Maeve Malik "
    "Mila Nadia Nils Noor Olga Omar Pia Quinn Rafe Rosa Runa Samir Saskia Tariq Tess Ulla Viggo "
    "Wanda Yara Yusuf Zelda Zoran"
)
_FIRMS = _list(
    "Agency Analytics Brothers College Energy Foods Foundation Freight Group Holdings Institute "
    "Laboratories Marine Partners Society Systems Trust Union Water Works"
)
_MOST = 200_000
#: A prime that divides no product of the lists' lengths, so that neighbours sound different.
_STRIDE = 617


def rank(chance: random.Random) -> int:
    """A rank by the law of Zipf and Mandelbrot: exponent 1.6, the first few about as likely."""
    return min(int(25 * (chance.paretovariate(0.6) - 1)), _MOST)


def person(number: int) -> str:
    return f"{_FIRST[number * 7 % len(_FIRST)]} {surname(number)}"


def surname(number: int) -> str:
    return _built(number, _PERSON_ENDS)


def place(number: int) -> str:
    return _built(number, _PLACE_ENDS)


def organisation(number: int) -> str:
    return f"{_built(number * 3 + 1, _PERSON_ENDS)} {_FIRMS[number % len(_FIRMS)]}"


def _built(number: int, ends: list[str]) -> str:
    """Start, as many middles as it takes, end: the number written in syllables, shuffled."""
    number, edges = divmod(number, len(_STARTS) * len(ends))
    start, end = divmod(edges * _STRIDE % (len(_STARTS) * len(ends)), len(ends))
    middles = ""
    while number:
        number, middle = divmod(number - 1, len(_MIDDLES))
        middles += _MIDDLES[middle]
    return _STARTS[start] + middles + ends[end]
