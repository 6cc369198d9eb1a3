"""The texts that a model's floor is measured on: one article of each story of the sample archive.

Run once, by `python -m training.calibration`; what it writes is part of the package.
"""

import json
from pathlib import Path

from backstory_shared.adapters.calibration import TEXTS
from backstory_standalone.sample import articles_path

WORDS = 80


def unrelated() -> list[dict[str, str]]:
    """The beginnings of English articles of which no two are of the same story."""
    labels = json.loads(articles_path().with_name("labels.json").read_text(encoding="utf-8"))
    lines = articles_path().read_text(encoding="utf-8").splitlines()
    english = {one["id"]: one for one in map(json.loads, lines) if one["language"] == "en"}
    told = {id_ for story in labels["storylines"].values() for id_ in story["articles"]}
    firsts = [
        next((id_ for id_ in story["articles"] if id_ in english), None)
        for story in labels["storylines"].values()
    ]
    chosen = [id_ for id_ in firsts if id_] + [id_ for id_ in english if id_ not in told]
    return [_beginning(english[id_]) for id_ in chosen]


def _beginning(article: dict[str, str]) -> dict[str, str]:
    words = article["text"].split()
    return {"title": article["title"], "text": " ".join(words[:WORDS])}


def write(path: Path = TEXTS) -> None:
    lines = [json.dumps(one, ensure_ascii=False) for one in unrelated()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
