"""The stages, over whatever ledger, index and compute a root has chosen."""

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.openings import Openings, ServingEmbedder, ServingIndex
from backstory_shared.ports import Compute
from backstory_shared.readers import MakeWay, go_on
from backstory_shared.relating.finding import FindNeighbours
from backstory_shared.relating.relevance import learnt_with
from backstory_shared.stages import Stage
from backstory_summarize.change_model import EveryGeneration
from backstory_summarize.relate import RelateStage
from backstory_summarize.runner import StageRunner
from backstory_summarize.summarize import SummarizeStage
from backstory_summarize.work import StageWork


def stage_runner(
    ledger: SqlLedger, openings: Openings, compute: Compute, make_way: MakeWay = go_on
) -> StageRunner:
    relevance = learnt_with(BUNDLED, ServingEmbedder(openings))
    find = FindNeighbours(ServingIndex(openings), ledger.profiles, relevance)
    stages: dict[Stage, StageWork] = {
        Stage.SUMMARIZE: SummarizeStage(ledger.reading, compute),
        Stage.INDEX: EveryGeneration(ledger.reading, compute, openings),
        Stage.RELATE: RelateStage(ledger.reading, ledger.profiles, find, compute),
    }
    return StageRunner(ledger.working, stages, make_way)
