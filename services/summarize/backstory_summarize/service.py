"""The stages, over whatever ledger, index and compute a root has chosen."""

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.ports import Compute, Index, ModelChoice
from backstory_shared.stages import Stage
from backstory_summarize.index import IndexStage
from backstory_summarize.runner import StageRunner
from backstory_summarize.summarize import SummarizeStage
from backstory_summarize.work import StageWork


def stage_runner(
    ledger: SqlLedger, index: Index, compute: Compute, model: ModelChoice
) -> StageRunner:
    stages: dict[Stage, StageWork] = {
        Stage.SUMMARIZE: SummarizeStage(ledger.reading, compute),
        Stage.INDEX: IndexStage(ledger.reading, index, compute, model),
    }
    return StageRunner(ledger.working, stages)
