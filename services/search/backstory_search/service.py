"""The search service, over whatever ledger, index and model a root has chosen."""

from backstory_search.api import Reading
from backstory_search.browse import BrowseArticles
from backstory_search.cursors import Cursors
from backstory_search.embedded import ReadEmbedded
from backstory_search.folding import Unfolded
from backstory_search.highlighting import HighlightHits
from backstory_search.orders import FrozenOrders
from backstory_search.proposals import Archive, RelatedToTaste, RelatedToText
from backstory_search.related import RelatedArticles
from backstory_search.search import Collapse, SearchArticles
from backstory_search.stories import ReadStories
from backstory_search.summaries import ReadSummary, ReadSummaryHistory
from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.schema import utc_now
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.ports import Embedder, ModelChoice, SearchIndex
from backstory_shared.relating.finding import FindNeighbours
from backstory_shared.relating.relevance import learnt_with
from backstory_shared.urls import canonical_url


def reading_over(
    ledger: SqlLedger, index: SearchIndex, embedder: Embedder, orders: FrozenOrders, secret: bytes
) -> Reading:
    """Processes with the same `secret` read each other's cursors."""
    cursors, terms = Cursors(secret, utc_now), Bm25TermEncoder()
    find = FindNeighbours(index, ledger.profiles, learnt_with(BUNDLED, embedder))
    archive = Archive(
        ledger.reading, ledger.reading, ledger.profiles, ledger.relations, find, utc_now
    )
    return Reading(
        articles=ledger.reading,
        browser=ledger.reading,
        folds=ledger.reading,
        search=SearchArticles(
            articles=ledger.reading,
            index=index,
            embedder=embedder,
            terms=terms,
            orders=orders,
            cursors=cursors,
            folds={
                Collapse.NONE: Unfolded(),
                Collapse.DUPLICATES: ledger.reading,
                Collapse.STORY: ledger.stories,
            },
        ),
        related=RelatedArticles(
            articles=ledger.reading,
            browser=ledger.reading,
            folds=ledger.reading,
            profiles=ledger.profiles,
            relations=ledger.relations,
            find=find,
            clock=utc_now,
        ),
        proposal=RelatedToText(archive, embedder, terms),
        taste=RelatedToTaste(archive),
        stories=ReadStories(ledger.stories, cursors),
        browse=BrowseArticles(ledger.reading, cursors),
        summary=ReadSummary(ledger.reading),
        summary_history=ReadSummaryHistory(ledger.desk),
        embedded=ReadEmbedded(ledger.reading, index, embedder),
        highlight=HighlightHits(
            articles=ledger.reading,
            index=index,
            embedder=embedder,
            sentences=open_embedder(ModelChoice(BUNDLED.name)),
            terms=terms,
        ),
        canonical_url=canonical_url,
    )
