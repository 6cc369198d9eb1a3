"""The collections: an alias that searches go by, and behind it a version made for one model."""

from typing import Any

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from backstory_shared.adapters.qdrant_server.connection import server_errors
from backstory_shared.errors import CannotStart, ModelMismatch
from backstory_shared.ports import Facet, ModelCard, ModelChoice
from backstory_shared.settings import Qdrant

#: Raised with every change after which an older collection would give other answers.
FORMAT = 4

_CONFLICT = 409


def serving(client: QdrantClient, alias: str) -> str | None:
    """The collection behind the alias; None if there is none."""
    with server_errors():
        aliases = client.get_aliases().aliases
    return next((one.collection_name for one in aliases if one.alias_name == alias), None)


def open_collection(client: QdrantClient, settings: Qdrant, model: ModelCard) -> str:
    """The collection to use, made if there is none. Raises ModelMismatch, CannotStart.

    The name of the first is always the same: of processes that start at once, one makes it.
    """
    alias = settings.qdrant_collection
    name = serving(client, alias)
    if name is None:
        name = f"{alias}_v1"
        create(client, name, settings, model)
        point_alias(client, alias, name)
    check(client, name, model)
    return name


def create(
    client: QdrantClient,
    name: str,
    settings: Qdrant,
    model: ModelCard,
    choice: ModelChoice | None = None,
) -> None:
    """Make a collection whole; what an interrupted start left is completed."""
    chosen = {"name": choice.name, "backend": choice.backend.value} if choice else {}
    with server_errors():
        try:
            client.create_collection(
                name,
                vectors_config={"dense": _dense(settings, model)},
                sparse_vectors_config={"lexical": _lexical(settings)},
                shard_number=settings.qdrant_shards,
                replication_factor=settings.qdrant_replicas,
                write_consistency_factor=settings.qdrant_write_consistency,
                on_disk_payload=settings.qdrant_on_disk,
                metadata=_description(model) | chosen,
            )
        except (UnexpectedResponse, ValueError) as error:
            if not _exists_already(error):
                raise
        there = client.get_collection(name).payload_schema
        missing = {f: s for f, s in _payload_indexes(settings).items() if f not in there}
        for field, schema in missing.items():
            client.create_payload_index(name, field, schema, wait=True)


def point_alias(client: QdrantClient, alias: str, name: str) -> None:
    """Let the alias mean that collection from now on, in one step."""
    to = models.CreateAlias(collection_name=name, alias_name=alias)
    with server_errors():
        client.update_collection_aliases([models.CreateAliasOperation(create_alias=to)])


def check(client: QdrantClient, name: str, model: ModelCard) -> None:
    """Raises ModelMismatch if the collection was made with another model or by another version."""
    with server_errors():
        found = client.get_collection(name).config.metadata
    if not isinstance(found, dict) or "format" not in found:
        raise CannotStart(
            f"The collection {name} was not made by Backstory: choose another name with "
            "BACKSTORY_QDRANT_COLLECTION."
        )
    if {key: found.get(key) for key in _description(model)} != _description(model):
        raise ModelMismatch(
            f"The collection {name} was not made with {model.id}: "
            "run `backstory reindex` to make it again from the ledger."
        )


def _exists_already(error: Exception) -> bool:
    if isinstance(error, UnexpectedResponse):
        return error.status_code == _CONFLICT or b"already exists" in error.content
    return "already exists" in str(error)


def _description(model: ModelCard) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "model": model.id,
        "dimension": model.dimension,
        "passages": model.passages,
    }


def _dense(settings: Qdrant, model: ModelCard) -> models.VectorParams:
    """Half precision moves a cosine by less than .001, and halves what the vectors take."""
    nearest_row = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    return models.VectorParams(
        size=model.dimension,
        distance=models.Distance.DOT,
        datatype=models.Datatype.FLOAT16,
        on_disk=settings.qdrant_on_disk,
        multivector_config=nearest_row if model.passages else None,
        quantization_config=_quantization() if settings.qdrant_quantization else None,
    )


def _quantization() -> models.ScalarQuantization:
    """Eight-bit copies in memory to find the candidates; the vectors themselves score them."""
    int8 = models.ScalarQuantizationConfig(
        type=models.ScalarType.INT8, quantile=0.99, always_ram=True
    )
    return models.ScalarQuantization(scalar=int8)


def _lexical(settings: Qdrant) -> models.SparseVectorParams:
    index = models.SparseIndexParams(on_disk=settings.qdrant_on_disk)
    return models.SparseVectorParams(index=index, modifier=models.Modifier.IDF)


def _payload_indexes(settings: Qdrant) -> dict[str, Any]:
    """Made before anything is written. `terms` counts who has a word; it is large, so on disk."""
    keyword = models.KeywordIndexParams(
        type=models.KeywordIndexType.KEYWORD, on_disk=settings.qdrant_on_disk
    )
    integer = models.IntegerIndexType.INTEGER
    return {
        "revision": models.IntegerIndexParams(
            type=integer, lookup=False, range=True, enable_hnsw=False
        ),
        "terms": models.IntegerIndexParams(
            type=integer, lookup=True, range=False, on_disk=True, enable_hnsw=False
        ),
        "sort_at": models.DatetimeIndexParams(type=models.DatetimeIndexType.DATETIME),
        **{facet.value: keyword for facet in Facet},
    }
