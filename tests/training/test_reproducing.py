"""The same texts give the same model, byte for byte; and what ships is what the steps make."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from backstory_shared.adapters.foreign_words import FILE
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED, TokenRows, read_recipe
from training import distill, teacher
from training.card import write_card
from training.contrast import ContrastPlan
from training.floor import measured_floor
from training.make_model import facts
from training.package import FILES, Settings, set_floor, write_model
from training.teacher import Floats
from training.vocabulary import Vocabulary

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    teacher.export(folder / "teacher.onnx")
    return folder


def trained(build: Path, out: Path, **environment: str) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    return subprocess.Popen(
        [sys.executable, "-m", "support.training", str(build), str(out)],
        env={**os.environ, "PYTHONPATH": paths, **environment},
    )


@pytest.mark.timeout(900)  # torch is imported three times
def test_a_model_made_twice_is_the_same_bytes_whatever_the_hashes_and_the_cores(
    build: Path, tmp_path: Path
) -> None:
    one, other = tmp_path / "one" / "model", tmp_path / "other" / "model"

    runs = [
        trained(build, one, PYTHONHASHSEED="1", OPENBLAS_NUM_THREADS="1"),
        trained(build, other, PYTHONHASHSEED="2", OPENBLAS_NUM_THREADS="4", OMP_NUM_THREADS="4"),
    ]

    assert [run.wait() for run in runs] == [0, 0]
    for name in FILES:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    rows = load_file(one / "model.safetensors")
    assert len(np.unique(rows["weights"])) > len(rows["weights"]) / 2


def test_the_teacher_is_the_same_each_time_it_is_exported(build: Path, tmp_path: Path) -> None:
    teacher.export(tmp_path / "again.onnx")

    assert (tmp_path / "again.onnx").read_bytes() == (build / "teacher.onnx").read_bytes()


def test_packaging_the_shipped_rows_gives_the_shipped_files(tmp_path: Path) -> None:
    recipe = read_recipe(BUNDLED)
    settings = Settings(
        id=recipe.card.id,
        dimension=recipe.card.dimension,
        fall_offset=recipe.fall_offset,
        fall_power=recipe.fall_power,
    )

    write_model(tmp_path, shipped_rows(), shipped_words(), settings)
    set_floor(tmp_path, recipe.card.floor)

    for name in FILES[1:]:
        assert (tmp_path / name).read_bytes() == (BUNDLED / name).read_bytes(), name
    made, shipped = (load_file(one / FILES[0]) for one in (tmp_path, BUNDLED))
    assert np.array_equal(made["embeddings"], shipped["embeddings"])
    # What was rounded once has lost the last bit of its scale.
    np.testing.assert_array_max_ulp(made["weights"], shipped["weights"], maxulp=1)


def test_the_shipped_card_is_what_its_template_says_of_the_shipped_model(tmp_path: Path) -> None:
    card = (BUNDLED / "README.md").read_text(encoding="utf-8")
    for name in (*FILES, FILE):
        shutil.copy(BUNDLED / name, tmp_path)

    texts = re.search(r"; ([\d,]+) short texts", card)
    assert texts is not None
    known = facts(
        len(shipped_words().tokens),
        int(texts[1].replace(",", "")),
        distill.Plan(),
        ContrastPlan(),
    )
    figures = "\n".join(line for line in card.splitlines() if line.startswith("|"))
    write_card(tmp_path, {**known, "figures": figures})

    assert (tmp_path / "README.md").read_text(encoding="utf-8") == card
    assert (tmp_path / "NOTICE").read_bytes() == (BUNDLED / "NOTICE").read_bytes()


if "BACKSTORY_TEST_DATA" in os.environ:

    def test_the_shipped_floor_is_what_is_measured() -> None:
        embedder = StaticEmbedder.open()

        measured = measured_floor(embedder, Path(os.environ["BACKSTORY_TEST_DATA"]))

        assert measured == embedder.model.floor


def shipped_rows() -> Floats:
    tensors = load_file(BUNDLED / "model.safetensors")
    numbers = tensors["embeddings"]
    both = np.concatenate([numbers & 15, numbers >> 4], axis=1).astype(np.float32)
    return (both - np.float32(TokenRows.MIDDLE)) * tensors["weights"][:, None]


def shipped_words() -> Vocabulary:
    known = Tokenizer.from_file(str(BUNDLED / "tokenizer.json")).get_vocab()
    return Vocabulary(tuple(sorted(known, key=known.__getitem__)))
