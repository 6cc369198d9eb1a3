"""The model card: the template in model_card.md, filled with what was made and measured."""

import json
from collections.abc import Mapping
from pathlib import Path

from backstory_shared.adapters.foreign_words import FILE, ForeignWords
from training.package import FILES

HERE = Path(__file__).parent

#: From here on the project's NOTICE is about parts that are not in the model's folder.
_OTHER_PARTS = "\nIt also includes"


def write_card(folder: Path, facts: Mapping[str, object]) -> None:
    """README.md and NOTICE of a finished model folder; `facts` is what only its making knows."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    template = (HERE / "model_card.md").read_text(encoding="utf-8")
    size = sum((folder / name).stat().st_size for name in (*FILES, FILE)) / 1e6
    foreign = ForeignWords.read(folder)
    words = len(foreign.meanings) + len(foreign.doubtful)
    card = template.format_map({**config, **facts, "size": size, "words": words})
    (folder / "README.md").write_text(card, encoding="utf-8")
    notice = (HERE.parent / "NOTICE").read_text(encoding="utf-8")
    (folder / "NOTICE").write_text(notice.partition(_OTHER_PARTS)[0], encoding="utf-8")
