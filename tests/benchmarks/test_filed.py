"""Articles that a benchmark keeps in a file are there as a ledger's are."""

from itertools import islice

from benchmarks.corpus import articles
from benchmarks.filed import Filed


def test_what_is_kept_in_a_file_is_read_back() -> None:
    made, filed = list(islice(articles(20, seed=3), 20)), Filed()

    for start in (0, 10):
        filed.keep(made[start : start + 10])

    read = {id_: entry.revision.article for id_, entry in filed.items()}
    assert {id_: (one.title, one.text) for id_, one in read.items()} == {
        one["id"]: (one["title"], one["text"]) for one in made
    }
    assert "no such article" not in filed
