"""A small Qdrant for tests: the REST calls that Backstory makes, on top of the real engine.

    python -m support.qdrant_program FOLDER PORT [KEY]

Whatever is not in CALLS is answered with 501. Collections are Edge shards in the folder, so they
are there again after the program was killed. Port 0 takes any; the address is printed once it
listens.
"""

import json
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

import qdrant_edge as edge
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

VERSION = "1.19.2"

Json = dict[str, Any]


class Refused(Exception):
    """What the server answers other than 200, with its sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


# --- the engine's words ---------------------------------------------------------------------------


def condition(said: Json) -> Any:
    if "has_id" in said:
        return edge.HasIdCondition(set(said["has_id"]))
    match, within = said.get("match"), said.get("range")
    if match is not None:
        return edge.FieldCondition(said["key"], match=edge.MatchAny(match["any"]))
    bounds = {name: value for name, value in within.items() if value is not None}
    dated = any(isinstance(value, str) for value in bounds.values())
    made = edge.RangeDateTime(**bounds) if dated else edge.RangeFloat(**bounds)
    return edge.FieldCondition(said["key"], range=made)


def filter_of(said: Json | None) -> edge.Filter | None:
    if said is None:
        return None
    parts = {
        name: [condition(each) for each in said[name]]
        for name in ("must", "should", "must_not")
        if said.get(name)
    }
    return edge.Filter(**parts) if parts else None


def vector_of(said: Any) -> Any:
    return edge.SparseVector(**said) if isinstance(said, dict) else said


def vector_said(vector: Any) -> Any:
    if isinstance(vector, edge.SparseVector):
        return {"indices": list(vector.indices), "values": list(vector.values)}
    return vector


def record_said(record: edge.Record | edge.ScoredPoint) -> Json:
    said: Json = {"id": str(record.id), "payload": record.payload}
    if record.vector is not None:
        said["vector"] = {name: vector_said(one) for name, one in record.vector.items()}
    return said


def config_of(said: Json) -> edge.EdgeConfig:
    dense, sparse = said["vectors"]["dense"], said["sparse_vectors"]["lexical"]
    assert sparse["modifier"] == "idf"
    several = edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim)
    params = edge.EdgeVectorParams(
        size=dense["size"],
        distance={"Dot": edge.Distance.Dot, "Cosine": edge.Distance.Cosine}[dense["distance"]],
        datatype=edge.VectorStorageDatatype.Float16,
        multivector_config=several if dense.get("multivector_config") else None,
    )
    lexical = edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)
    return edge.EdgeConfig(vectors={"dense": params}, sparse_vectors={"lexical": lexical})


def index_of(schema: Json) -> Any:
    if schema["type"] == "integer":
        return edge.IntegerIndexParams(lookup=schema["lookup"], range=schema["range"])
    if schema["type"] == "datetime":
        return edge.DatetimeIndexParams()
    return edge.KeywordIndexParams()


# --- collections ----------------------------------------------------------------------------------


@dataclass
class Collection:
    """A shard, and what was said when it was made."""

    shard: edge.EdgeShard
    said: Json
    operations: int = 0

    def upsert(self, said: Json) -> None:
        points = [self._point(one) for one in said["points"]]
        update = edge.UpdateOperation.upsert_points(
            points, condition=filter_of(said.get("update_filter"))
        )
        self.shard.update(update)

    def _point(self, said: Json) -> edge.Point:
        dense, size = said["vector"]["dense"], self.said["vectors"]["dense"]["size"]
        for row in dense if dense and isinstance(dense[0], list) else [dense]:
            if len(row) != size:
                raise Refused(
                    400,
                    f"Wrong input: Vector dimension error: expected dim: {size}, got {len(row)}",
                )
        vectors = {name: vector_of(one) for name, one in said["vector"].items()}
        return edge.Point(said["id"], vectors, said["payload"])

    def query(self, said: Json) -> Json:
        request = edge.QueryRequest(
            limit=said["limit"],
            query=edge.Query.Nearest(vector_of(said["query"]["nearest"]), using=said["using"]),
            filter=filter_of(said.get("filter")),
            score_threshold=said.get("score_threshold"),
            with_payload=said["with_payload"],
        )
        found = self.shard.query(request)
        return {
            "points": [
                record_said(one) | {"score": one.score, "version": one.version} for one in found
            ]
        }

    def scroll(self, said: Json) -> Json:
        order, limit = said.get("order_by"), said["limit"]
        direction = {"asc": edge.Direction.Asc, "desc": edge.Direction.Desc}
        request = edge.ScrollRequest(
            offset=said.get("offset"),
            limit=limit,
            filter=filter_of(said.get("filter")),
            with_payload=said["with_payload"],
            order_by=edge.OrderBy(order["key"], direction[order["direction"]]) if order else None,
        )
        records, after = self.shard.scroll(request)
        return {
            "points": [record_said(one) for one in records],
            "next_page_offset": None if after is None else str(after),
        }

    def retrieve(self, said: Json) -> list[Json]:
        known = self.shard.retrieve(said["ids"], said["with_payload"], said["with_vector"])
        return [record_said(one) for one in known]

    def facet(self, said: Json) -> Json:
        request = edge.FacetRequest(
            said["key"], said["limit"], said["exact"], filter_of(said.get("filter"))
        )
        hits = self.shard.facet(request).hits
        return {"hits": [{"value": one.value, "count": one.count} for one in hits]}


@dataclass
class Store:
    """All collections of a folder. One call at a time; Edge's own are as short as they are."""

    folder: Path
    collections: dict[str, Collection] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def open(self) -> "Store":
        self.folder.mkdir(parents=True, exist_ok=True)
        for made in sorted(self.folder.glob("*/collection.json")):
            shard = edge.EdgeShard.load(str(made.parent / "shard"))
            self.collections[made.parent.name] = Collection(shard, json.loads(made.read_text()))
        return self

    @property
    def aliases(self) -> dict[str, str]:
        file = self.folder / "aliases.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def named(self, name: str) -> Collection:
        real = self.aliases.get(name, name)
        if real not in self.collections:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        return self.collections[real]

    def create(self, name: str, said: Json) -> bool:
        if name in self.collections:
            raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
        fresh = self.folder / f"{name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        (fresh / "shard").mkdir(parents=True)
        edge.EdgeShard.create(str(fresh / "shard"), config_of(said)).close()
        (fresh / "collection.json").write_text(json.dumps(said))
        fresh.rename(self.folder / name)
        shard = edge.EdgeShard.load(str(self.folder / name / "shard"))
        self.collections[name] = Collection(shard, said)
        return True

    def describe(self, collection: Collection) -> None:
        """Keep what was said since it was made."""
        name = next(name for name, one in self.collections.items() if one is collection)
        fresh = self.folder / name / "collection.new"
        fresh.write_text(json.dumps(collection.said))
        fresh.replace(self.folder / name / "collection.json")

    def drop(self, name: str) -> bool:
        collection = self.collections.pop(name, None)
        if collection is not None:
            collection.shard.close()
            shutil.rmtree(self.folder / name)
            self._keep({alias: to for alias, to in self.aliases.items() if to != name})
        return collection is not None

    def change_aliases(self, said: Json) -> bool:
        """All of the changes, or none."""
        aliases = self.aliases
        for action in said["actions"]:
            if create := action.get("create_alias"):
                self.named(create["collection_name"])
                aliases[create["alias_name"]] = create["collection_name"]
            if delete := action.get("delete_alias"):
                aliases.pop(delete["alias_name"], None)
        self._keep(aliases)
        return True

    def _keep(self, aliases: dict[str, str]) -> None:
        fresh = self.folder / "aliases.new"
        fresh.write_text(json.dumps(aliases))
        fresh.replace(self.folder / "aliases.json")


# --- the calls ------------------------------------------------------------------------------------


def info(store: Store, name: str, said: Json) -> Json:
    collection = store.named(name)
    made = collection.said
    params = {key: made[key] for key in ("vectors", "sparse_vectors")}
    return {
        "status": "green",
        "optimizer_status": "ok",
        "segments_count": 1,
        "payload_schema": {
            name: {"data_type": one["type"], "points": 0}
            for name, one in made.get("indexes", {}).items()
        },
        "config": {
            "params": params,
            "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10_000},
            "optimizer_config": {
                "deleted_threshold": 0.2,
                "vacuum_min_vector_number": 1_000,
                "default_segment_number": 0,
                "flush_interval_sec": 5,
            },
            "metadata": made.get("metadata"),
        },
    }


def aliases(store: Store, name: str, said: Json) -> Json:
    pairs = store.aliases.items()
    return {"aliases": [{"alias_name": a, "collection_name": c} for a, c in pairs]}


def names(store: Store, name: str, said: Json) -> Json:
    return {"collections": [{"name": name} for name in store.collections]}


def field_index(store: Store, name: str, said: Json) -> Json:
    made = edge.UpdateOperation.create_field_index(
        said["field_name"], index_of(said["field_schema"])
    )
    collection = store.named(name)
    collection.shard.update(made)
    collection.said.setdefault("indexes", {})[said["field_name"]] = said["field_schema"]
    store.describe(collection)
    return completed(collection)


def upsert(store: Store, name: str, said: Json) -> Json:
    store.named(name).upsert(said)
    return completed(store.named(name))


def delete(store: Store, name: str, said: Json) -> Json:
    wanted = filter_of(said["filter"])
    assert wanted is not None
    store.named(name).shard.update(edge.UpdateOperation.delete_points_by_filter(wanted))
    return completed(store.named(name))


def completed(collection: Collection) -> Json:
    collection.operations += 1
    return {"operation_id": collection.operations, "status": "completed"}


def count(store: Store, name: str, said: Json) -> Json:
    request = edge.CountRequest(exact=said["exact"], filter=filter_of(said.get("filter")))
    return {"count": store.named(name).shard.count(request)}


Call = Callable[[Store, str, Json], Any]

#: Every call that the adapter makes.
CALLS: dict[tuple[str, str], Call] = {
    ("GET", "/aliases"): aliases,
    ("POST", "/collections/aliases"): lambda store, _, said: store.change_aliases(said),
    ("GET", "/collections"): names,
    ("GET", "/collections/{name}"): info,
    ("PUT", "/collections/{name}"): lambda store, name, said: store.create(name, said),
    ("DELETE", "/collections/{name}"): lambda store, name, _: store.drop(name),
    ("PUT", "/collections/{name}/index"): field_index,
    ("PUT", "/collections/{name}/points"): upsert,
    ("POST", "/collections/{name}/points/delete"): delete,
    ("POST", "/collections/{name}/points"): lambda s, name, said: s.named(name).retrieve(said),
    ("POST", "/collections/{name}/points/count"): count,
    ("POST", "/collections/{name}/points/scroll"): lambda s, n, said: s.named(n).scroll(said),
    ("POST", "/collections/{name}/points/query/batch"): lambda s, n, said: [
        s.named(n).query(one) for one in said["searches"]
    ],
    ("POST", "/collections/{name}/facet"): lambda store, name, said: store.named(name).facet(said),
}


def program(store: Store, key: str | None, version: str) -> Starlette:
    def route(method: str, path: str, call: Call) -> Route:
        def answer(name: str, said: Json) -> Any:
            with store.lock:
                return call(store, name, said)

        async def endpoint(request: Request) -> Response:
            if key is not None and request.headers.get("api-key") != key:
                return refusal(401, "Must provide an API key or an Authorization bearer token")
            body = await request.body()
            said = json.loads(body) if body else {}
            try:
                result = await run_in_threadpool(answer, request.path_params.get("name", ""), said)
            except Refused as error:
                return refusal(error.status, error.sentence)
            return JSONResponse({"result": result, "status": "ok", "time": 0.0})

        return Route(path, endpoint, methods=[method])

    async def welcome(_: Request) -> Response:
        return JSONResponse({"title": "qdrant - vector search engine", "version": version})

    async def unknown(request: Request) -> Response:
        return refusal(501, f"{request.method} {request.url.path} is not answered here")

    return Starlette(
        routes=[
            Route("/", welcome, methods=["GET"]),
            *(route(method, path, call) for (method, path), call in CALLS.items()),
            Route("/{rest:path}", unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
    )


def refusal(status: int, sentence: str) -> Response:
    return JSONResponse({"status": {"error": sentence}, "time": 0.0}, status_code=status)


def main(folder: str, port: str, key: str = "", version: str = VERSION) -> None:
    app = program(Store(Path(folder)).open(), key or None, version)
    with socket.create_server(("127.0.0.1", int(port))) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
