"""What a stage makes of a batch: results to keep, and reasons for those that could not be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from backstory_shared.articles import Revision
from backstory_shared.ports import Batch, Entry, Result
from backstory_shared.stages import TIME_LIMIT, Reason
from backstory_summarize.compute import Story

#: One call to a worker process stays well below the time limit, whatever the articles' length.
MAX_CHARACTERS = 2_000_000
SECONDS = TIME_LIMIT.total_seconds()


@dataclass(frozen=True, kw_only=True)
class Work:
    """`results` are finished, `failures` are failed; what is in neither was not wanted any more."""

    results: Mapping[str, Result] = field(default_factory=dict)
    failures: Mapping[str, Reason] = field(default_factory=dict)


class StageWork(Protocol):
    """One stage's work. Doing a batch twice does no harm.

    Raises WorkerDied and OutOfTime where nobody can say which article was to blame.
    """

    def do(self, batch: Batch) -> Work: ...


def still_wanted(batch: Batch, entries: Mapping[str, Entry]) -> list[Revision]:
    """The revisions a batch asks for that are current still, in the order of the batch."""
    return [
        entries[work.article_id].revision
        for work in batch.items
        if work.article_id in entries
        and entries[work.article_id].revision.revision == work.revision
    ]


def portions(stories: Sequence[Story]) -> Iterator[list[Story]]:
    """Split a batch so that no call has much more than MAX_CHARACTERS of text."""
    portion: list[Story] = []
    characters = 0
    for story in stories:
        if portion and characters + len(story.text) > MAX_CHARACTERS:
            yield portion
            portion, characters = [], 0
        portion.append(story)
        characters += len(story.text)
    if portion:
        yield portion
