"""The relate stage: which articles are near those of a batch, once they are in the index."""

from collections.abc import Sequence
from dataclasses import dataclass

from backstory_shared.articles import Revision
from backstory_shared.ports import ArticleReader, Batch, Compute, Neighbours, Profile, Profiles
from backstory_shared.relating.finding import FindNeighbours, Subject
from backstory_shared.stages import Reason
from backstory_summarize import compute
from backstory_summarize.compute import Story
from backstory_summarize.work import SECONDS, Work, portions, still_wanted


@dataclass(frozen=True)
class RelateStage:
    """Implements StageWork. Twice is safe: a list is put in the place of the one before it.

    Profiles are kept before neighbours are looked for: of two articles that are related at the
    same time, by whichever processes, the later at least finds the other.
    """

    articles: ArticleReader
    profiles: Profiles
    find: FindNeighbours
    compute: Compute

    def do(self, batch: Batch) -> Work:
        entries = self.articles.entries([work.article_id for work in batch.items])
        revisions = still_wanted(batch, entries)
        made, failures = self._profiles(revisions)
        profiles = self.find.weighed(made)
        self.profiles.keep_profiles(profiles)
        return Work(results=self._related(profiles), failures=failures)

    def _profiles(self, revisions: Sequence[Revision]) -> tuple[list[Profile], dict[str, Reason]]:
        made: dict[str, Profile | Reason] = {}
        for portion in portions([Story.of(revision) for revision in revisions]):
            made.update(self.compute.submit(SECONDS, compute.profile, portion).result())
        profiles = [value for value in made.values() if isinstance(value, Profile)]
        return profiles, {id_: value for id_, value in made.items() if isinstance(value, Reason)}

    def _related(self, profiles: Sequence[Profile]) -> dict[str, Neighbours]:
        """What is not in the index has no neighbours: once it is indexed, it comes here again."""
        vectors = self.find.index.vectors([profile.id for profile in profiles])
        unsettled = self.articles.unsettled()
        found = self.find(
            [
                Subject(
                    profile=profile,
                    dense=vectors[profile.id][0],
                    lexical=vectors[profile.id][1],
                    excluded=unsettled - {profile.id},
                )
                for profile in profiles
                if profile.id in vectors
            ]
        )
        return {p.id: found.get(p.id, Neighbours(links=())) for p in profiles}
