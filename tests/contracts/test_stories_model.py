"""Whatever comes, changes and goes in whatever order, the stories are those of the articles."""

from collections import defaultdict
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backstory_shared.errors import Gone
from backstory_shared.ports import Batch, Entry, Link, Neighbours
from backstory_shared.stages import Lane, Stage
from support.clocks import START, FakeClock
from support.ledgers import LEDGERS, Opener, accept, ids_of, results_of
from support.texts import prose

IDS = tuple("abcdefgh")
SURE, UNSURE = 3.0, -3.0

article_ids = st.sampled_from(IDS)
days = st.integers(0, 9)
events = st.sampled_from(["flood", "vote", "match"])


class StoriesMachine(RuleBasedStateMachine):
    """Every article is about one event, and its links say surely who else is about it."""

    def __init__(self, opener: Opener) -> None:
        super().__init__()
        self.resources = ExitStack()
        folder = Path(self.resources.enter_context(TemporaryDirectory()))
        self.ledger = self.resources.enter_context(opener(folder, FakeClock()))
        self.event: dict[str, str] = {}
        self.filed = 0
        self.late: list[tuple[Batch, dict[str, Neighbours]]] = []
        self.seen: set[str] = set()

    def teardown(self) -> None:
        self.resources.close()

    # --- what may happen --------------------------------------------------------------------------

    @rule(article_id=article_ids, event=events, day=days)
    def file(self, article_id: str, event: str, day: int) -> None:
        """A new one, another revision, or one that was deleted and comes back."""
        self.filed += 1
        accept(
            self.ledger,
            id=article_id,
            title=f"On the {event}",
            text=prose(seed=self.filed),
            published_at=START + timedelta(days=day),
        )
        self.event[article_id] = event

    @precondition(lambda self: self.event)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        article_id = data.draw(st.sampled_from(sorted(self.event)))
        self.ledger.accepting.delete(article_id, "request-2")
        del self.event[article_id]

    @precondition(lambda self: self.event)
    @rule(data=st.data())
    def relate_again(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sets(st.sampled_from(sorted(self.event)), min_size=1))
        self.ledger.status.requeue(sorted(chosen), Stage.RELATE)

    @rule(limit=st.sampled_from([1, 2, 64]))
    def work(self, limit: int) -> None:
        if claimed := self.next_batch(limit):
            self.ledger.working.finish(*claimed)

    @rule()
    def begin_to_work(self) -> None:
        if claimed := self.next_batch(64):
            self.late.append(claimed)

    @precondition(lambda self: self.late)
    @rule()
    def finish_late(self) -> None:
        self.ledger.working.finish(*self.late.pop(0))

    @rule()
    def settle(self) -> None:
        """Now everybody has seen everybody: the stories are the events, and keep their ids."""
        while self.late:
            self.finish_late()
        while claimed := self.next_batch(64):
            self.ledger.working.finish(*claimed)
        before = self.stories()
        assert sorted(before.values()) == sorted(
            ids for ids in self.events().values() if len(ids) > 1
        )

        self.ledger.status.requeue(sorted(self.event), Stage.RELATE)
        while claimed := self.next_batch(64):
            self.ledger.working.finish(*claimed)

        assert self.stories() == before

    # --- what must hold then ----------------------------------------------------------------------

    @invariant()
    def a_story_is_listed_as_what_its_articles_are(self) -> None:
        for story in self.ledger.stories.stories(None, after=None, limit=100):
            members = self.members(story.id)
            times = [entry.revision.sort_at for entry in members]
            assert story.articles == len(members) > 1
            assert (story.first_seen, story.last_seen) == (min(times), max(times))
            assert self.ledger.stories.story(story.id) == story
            self.seen.add(story.id)

    @invariant()
    def an_article_is_in_one_story_that_has_it(self) -> None:
        listed = self.stories()
        told = [article_id for ids in listed.values() for article_id in ids]
        assert len(told) == len(set(told))
        for article_id in self.event:
            story_id = self.ledger.stories.story_of(article_id)
            assert (story_id in listed and article_id in listed[story_id]) == (article_id in told)

    @invariant()
    def whoever_follows_an_id_comes_to_a_story_or_hears_that_it_is_gone(self) -> None:
        for story_id in self.seen:
            try:
                found = self.ledger.stories.story(story_id)
            except Gone:
                continue
            assert self.ledger.stories.story(found.id) == found
            assert len(self.members(found.id)) == found.articles > 0

    # --- how --------------------------------------------------------------------------------------

    def next_batch(self, limit: int) -> tuple[Batch, dict[str, Neighbours]] | None:
        self.index()
        batch = self.ledger.working.claim(Stage.RELATE, Lane.BACKFILL, limit)
        return batch and (batch, {id_: self.neighbours(id_) for id_ in ids_of(batch)})

    def index(self) -> None:
        for stage in (Stage.SUMMARIZE, Stage.INDEX):
            while batch := self.ledger.working.claim(stage, Lane.LIVE, 64):
                self.ledger.working.finish(batch, results_of(batch))

    def neighbours(self, article_id: str) -> Neighbours:
        """Of those that are there when it is looked for them."""
        entries = self.ledger.reading.entries(IDS)
        mine = self.event.get(article_id)
        return Neighbours(
            links=tuple(
                Link(
                    id=id_,
                    revision=entry.revision.revision,
                    score=0.9,
                    same_event=SURE if self.event[id_] == mine else UNSURE,
                    because=(),
                )
                for id_, entry in sorted(entries.items())
                if id_ != article_id
            )
        )

    def members(self, story_id: str) -> list[Entry]:
        return self.ledger.stories.timeline([story_id]).get(story_id, [])

    def stories(self) -> dict[str, list[str]]:
        listed = self.ledger.stories.stories(None, after=None, limit=100)
        return {
            story.id: sorted(one.revision.article.id for one in self.members(story.id))
            for story in listed
        }

    def events(self) -> dict[str, list[str]]:
        about: dict[str, list[str]] = defaultdict(list)
        for article_id, event in sorted(self.event.items()):
            about[event].append(article_id)
        return about


#: A step asks a dozen questions, and a server far away answers each of them later.
EXAMPLES = {"postgres": 3, "sqlite": 8}


@pytest.mark.parametrize("name", LEDGERS)
def test_stories_are_those_of_their_articles_whatever_happens(name: str) -> None:
    run_state_machine_as_test(
        partial(StoriesMachine, LEDGERS[name]),
        settings=settings(max_examples=EXAMPLES[name], stateful_step_count=25, deadline=None),
    )
