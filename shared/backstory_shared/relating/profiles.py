"""What an article speaks of, made of its text. Pure."""

from datetime import date

from backstory_shared.articles import Revision
from backstory_shared.ports import Passage, Profile
from backstory_shared.text.boilerplate import story
from backstory_shared.text.names import mentions_of
from backstory_shared.text.occasions import occasion_of


def profile_of(article_id: str, revision: int, passage: Passage, published: date | None) -> Profile:
    """What has not been published tells of no occasion yet."""
    found = mentions_of(passage.text, passage.language)
    occasion = None
    if published is not None:
        occasion = occasion_of(
            title=passage.title,
            text=passage.text,
            names=found.names,
            language=passage.language,
            published=published,
        )
    return Profile(
        id=article_id,
        revision=revision,
        language=passage.language,
        names=found.names,
        figures=found.figures,
        occasion=occasion,
    )


def profile_of_revision(revision: Revision) -> Profile:
    article = revision.article
    passage = Passage(
        title=article.title,
        text=story(article.text, revision.boilerplate),
        language=article.language,
    )
    return profile_of(article.id, revision.revision, passage, revision.sort_at.date())
