"""Articles, drafts and submissions in which a test names only what it is about."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from backstory_shared.articles import Article, Draft, Span, content_hash
from backstory_shared.ports import Submission
from backstory_shared.stages import Lane
from backstory_shared.summaries import Summary
from backstory_shared.text.copies import copy_print

ARTICLE = Article(
    id="ferry-1",
    title="Night ferry returns to Port Ellery",
    text="The night ferry is back. It sails at ten. Tickets cost eleven crowns.",
)
SUMMARY = Summary(
    short=(Span(0, 24),),
    medium=(Span(0, 24), Span(25, 41)),
    long=(Span(0, 24), Span(25, 41), Span(42, 69)),
    method="extractive",
    coverage=1.0,
)


def article(**fields: Any) -> Article:
    return replace(ARTICLE, **fields)


def draft(
    *,
    copy_hash: str | None = None,
    canonical_url: str | None = None,
    boilerplate: Sequence[Span] = (),
    **fields: Any,
) -> Draft:
    """A draft of `article(**fields)`; what is derived from it defaults to something plausible."""
    described = article(**fields)
    printed = copy_print(described.text, boilerplate)
    return Draft(
        article=described,
        content_hash=content_hash(described),
        copy_hash=copy_hash or sha256(described.text.encode()).hexdigest(),
        copy_keys=printed.keys,
        copy_sketch=printed.sketch,
        canonical_url=canonical_url or described.url,
        boilerplate=tuple(boilerplate),
    )


def submission(
    *, lane: Lane = Lane.LIVE, correlation_id: str = "request-1", **fields: Any
) -> Submission:
    """`draft(**fields)` on its way in."""
    return Submission(draft=draft(**fields), lane=lane, correlation_id=correlation_id)
