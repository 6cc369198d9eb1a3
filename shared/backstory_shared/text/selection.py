"""Selection: which sentences of a story to take, given what each is worth.

Greedy, with a penalty for saying the same twice (maximal marginal relevance: Carbonell and
Goldstein, SIGIR 1998). What is taken are groups: a sentence that stands alone, or one that leans
together with those it leans on, or with those that say who its people are. Both or neither.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backstory_shared.text.ranker import Sentence

#: So many sentences back a sentence may lean; what leans further cannot be shown.
_LONGEST_CHAIN = 3

Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """When a summary is long enough: about `words`, in at most `sentences`.

    What would take it beyond `most` times its words is passed over; at `least` times it is long
    enough, if it has at least `fewest` sentences. With `parts`, the story is seen in so many parts,
    and a sentence from a part that is not heard yet is worth `part_worth` more.
    """

    sentences: int
    words: float = math.inf
    most: float = 1.2
    least: float = 0.75
    fewest: int = 1
    parts: int = 1
    part_worth: float = 0.0
    repetition: float = 0.4


def groups(leaning: Sequence[bool], whole: Sequence[bool]) -> list[Group]:
    """What can be taken: indexes of sentences of which the first stands alone."""
    return list(_groups(leaning, whole))


def _groups(leaning: Sequence[bool], whole: Sequence[bool]) -> Iterator[Group]:
    for index in range(len(whole)):
        first = index
        while leaning[first] and whole[first] and first > 0 and index - first < _LONGEST_CHAIN - 1:
            first -= 1
        chain = tuple(range(first, index + 1))
        if not leaning[first] and all(whole[each] for each in chain):
            yield chain


def introduced(candidates: Sequence[Group], needed: Sequence[frozenset[int]]) -> list[Group]:
    """Each with the sentences that introduce whom it calls by a surname alone.

    `needed` are those, of each sentence. One that cannot be shown, or that would make too long a
    group, is left out.
    """
    found: dict[int, Group] = {}
    for group in sorted(candidates, key=max):
        found[group[-1]] = _introduced(group, needed, found) or group
    return list(found.values())


def _introduced(
    group: Group, needed: Sequence[frozenset[int]], before: Mapping[int, Group]
) -> Group | None:
    wanted = {each for index in group for each in needed[index] if each in before}
    if not wanted:
        return group
    together = {*group, *(index for each in wanted for index in before[each])}
    return tuple(sorted(together)) if len(together) <= _LONGEST_CHAIN else None


@dataclass(slots=True)
class _Picking:
    """What has been picked so far, and how much of every sentence it has said already."""

    sentences: Sequence[Sentence]
    budget: Budget
    picked: list[int] = field(default_factory=list)
    words: int = 0
    overlap: list[float] = field(init=False)
    parts: list[int] = field(init=False)
    heard: set[int] = field(default_factory=set)
    _taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.overlap = [0.0] * len(self.sentences)
        last = self.sentences[-1].place + 1 if self.sentences else 1
        self.parts = [one.place * self.budget.parts // last for one in self.sentences]

    @property
    def full(self) -> bool:
        long_enough = self.words >= self.budget.least * self.budget.words
        return len(self.picked) >= self.budget.sentences or (
            long_enough and len(self.picked) >= self.budget.fewest
        )

    def left_of(self, group: Group) -> list[int]:
        taken = self._taken
        return [index for index in group if index not in taken]

    def fits(self, group: Group) -> bool:
        """Of a sentence with those that it leans on."""
        fresh = self.left_of(group)
        if not fresh or len(self.picked) + len(fresh) > self.budget.sentences:
            return False
        words = sum(self.sentences[index].length for index in fresh)
        return self.words + words <= self.budget.most * self.budget.words

    def worth(self, group: Group, scored: Sequence[float]) -> float:
        fresh = self.left_of(group)
        worths = [scored[index] - self.budget.repetition * self.overlap[index] for index in fresh]
        parts = {self.parts[index] for index in fresh} - self.heard
        return min(worths) + (self.budget.part_worth if parts else 0.0)

    def best(self, left: Sequence[Group], scored: Sequence[float]) -> Group | None:
        """Of the groups that fit, the one worth most; of the same worth, the first.

        Most are one sentence, which is seen quickly: this walk is where the time goes.
        """
        best, most = None, -math.inf
        taken, heard, sentences, budget = self._taken, self.heard, self.sentences, self.budget
        # The first sentence may be as long as it is: something has to be said.
        room = budget.most * budget.words - self.words if self.picked else math.inf
        for group in left:
            if len(group) == 1:
                index = group[0]
                if index in taken or sentences[index].length > room:
                    continue
                worth = scored[index] - budget.repetition * self.overlap[index]
                if self.parts[index] not in heard:
                    worth += budget.part_worth
            elif self.fits(group):
                worth = self.worth(group, scored)
            else:
                continue
            if worth > most or (worth == most and best is not None and group[0] < best[0]):
                best, most = group, worth
        return best

    def take(self, group: Group) -> None:
        for index in self.left_of(group):
            self.picked.append(index)
            self._taken.add(index)
            self.words += self.sentences[index].length
            self.heard.add(self.parts[index])
            self._say(self.sentences[index])

    def _say(self, said: Sentence) -> None:
        overlap = self.overlap
        for place, one in enumerate(self.sentences):
            if place in self._taken or said.content.isdisjoint(one.content):
                continue
            common = len(said.content & one.content)
            alike = common / math.sqrt(len(said.content) * len(one.content))
            if alike > overlap[place]:
                overlap[place] = alike


def select(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    candidates: Sequence[Group],
    budget: Budget,
) -> list[Group]:
    """The groups to take, the most telling first; a later one has only what no earlier one has.

    Every pick is one walk over the sentences: a long story costs as many walks as its summary has
    sentences, and no more.
    """
    picking, chosen, left = _Picking(sentences, budget), [], list(candidates)
    while not picking.full:
        best = picking.best(left, scored)
        if best is None:
            break
        chosen.append(tuple(picking.left_of(best)))
        picking.take(best)
        left.remove(best)
    return chosen
