"""Settings: small groups read from `BACKSTORY_` variables, each by the root that needs it.

Importing this reads nothing. A root calls `load(Group)`; what is wrong is one plain sentence.
docs/settings.md lists them all.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backstory_shared.errors import CannotStart
from backstory_shared.logging import LogFormat, LogLevel
from backstory_shared.pointers import message_of
from backstory_shared.ports import EmbeddingBackend
from backstory_shared.processors import processors

PREFIX = "BACKSTORY_"

_SHORTEST_SECRET = 16
_MOST_WORKERS = 64
_DATABASE = re.compile(r"/?\d*")


class Group(BaseSettings):
    """A few settings that are used together; an empty variable counts as unset."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)


class Storage(Group):
    data: Path = Field(
        default=Path("backstory-data"),
        description="The data folder: the ledger, the index and the lock. One program at a time.",
    )


class Web(Group):
    host: str = Field(default="127.0.0.1", description="The address the server listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="The port the server listens on; 0 takes any."
    )
    api_key: SecretStr | None = Field(
        default=None,
        description=(
            "If set, every write and admin call needs `Authorization: Bearer`. "
            "Without it the server listens on loopback addresses only, and answers to their names."
        ),
    )

    @model_validator(mode="after")
    def _closed_to_strangers(self) -> Self:
        if self.api_key is None and not _is_loopback(self.host):
            raise CannotStart(
                "Without BACKSTORY_API_KEY anyone who reaches the server could write to it: "
                "set a key, or leave BACKSTORY_HOST at 127.0.0.1."
            )
        return self

    @model_validator(mode="after")
    def _key_fits_a_header(self) -> Self:
        key = self.api_key.get_secret_value() if self.api_key else "x"
        if not all("!" <= character <= "~" for character in key):
            raise CannotStart("BACKSTORY_API_KEY may have visible ASCII characters only.")
        return self


class Logs(Group):
    log_format: LogFormat = Field(
        default=LogFormat.CONSOLE, description="`console` for people, `json` for machines."
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO, description="`debug`, `info`, `warning` or `error`."
    )


class Work(Group):
    workers: int = Field(
        default_factory=lambda: min(processors(), _MOST_WORKERS),
        ge=1,
        le=_MOST_WORKERS,
        description="How many worker processes compute; by default one per processor it may use.",
    )


class Index(Group):
    optimize_after: int = Field(
        default=50_000,
        ge=0,
        description=(
            "On one machine the index is optimized by a child process, on a copy, "
            "once so many articles have come since; 0 for never by itself."
        ),
    )


class Client(Group):
    url: HttpUrl | None = Field(
        default=None,
        description="The server that the command line talks to; by default the folder's own.",
    )
    search_url: HttpUrl | None = Field(
        default=None,
        description=(
            "Where the command line searches and reads summaries, "
            "if that is another server than `BACKSTORY_URL`."
        ),
    )


class SharedLedger(Group):
    ledger_url: SecretStr | None = Field(
        default=None,
        description=(
            "The PostgreSQL ledger, on many machines: `postgresql://user:password@host:5432/name`."
        ),
    )
    ledger_connections: int = Field(
        default=16,
        ge=2,
        le=1000,
        description="How many connections to the PostgreSQL ledger one process may have.",
    )

    def address(self) -> str:
        """Raises CannotStart if there is none."""
        if self.ledger_url is None:
            raise CannotStart(
                "Set BACKSTORY_LEDGER_URL to the PostgreSQL ledger: "
                "postgresql://user:password@host:5432/name."
            )
        return self.ledger_url.get_secret_value()


class RedisServer(Group):
    redis_url: SecretStr = Field(
        default=SecretStr("redis://127.0.0.1:6379/0"),
        description=(
            "Redis, on many machines: it rings for the workers and keeps the order of a search "
            "while its pages are turned. `rediss://` encrypts, and `?ssl_ca_certs=FILE` behind it "
            "names an authority of your own."
        ),
    )

    @model_validator(mode="after")
    def _is_a_redis(self) -> Self:
        said = self.redis_url.get_secret_value()
        if not said.startswith(("redis://", "rediss://")):
            raise CannotStart("BACKSTORY_REDIS_URL must begin with redis:// or rediss://.")
        if not _can_be_dialled(said):
            raise CannotStart(
                "BACKSTORY_REDIS_URL must look like redis://user:password@host:6379/0."
            )
        return self


class Signing(Group):
    secret: SecretStr | None = Field(
        default=None,
        description=(
            "What the cursors of search are signed with, on many machines: "
            "16 characters or more, the same for every search process."
        ),
    )

    def key(self) -> bytes:
        """Raises CannotStart if there is none that is worth the name."""
        key = self.secret.get_secret_value().encode() if self.secret else b""
        if len(key) < _SHORTEST_SECRET:
            raise CannotStart(
                "Set BACKSTORY_SECRET to 16 characters or more, the same for every search "
                "process: it signs the cursors with which a reader turns the pages."
            )
        return key


class Embedding(Group):
    embedding_model: str = Field(
        default="backstory-static-v2",
        min_length=1,
        description=(
            "The bundled model, or the name or folder of a sentence-transformers model: "
            "with which a new index is made. `backstory reindex --model` changes another's."
        ),
    )
    embedding_backend: EmbeddingBackend = Field(
        default=EmbeddingBackend.TORCH,
        description="`torch` or `onnx`: what runs a sentence-transformers model.",
    )
    embedding_threads: int = Field(
        default=1, ge=1, le=64, description="Threads with which a process embeds."
    )


class Qdrant(Group):
    qdrant_url: HttpUrl | None = Field(
        default=None, description="The Qdrant server, version 1.19 or newer; `https` for TLS."
    )
    qdrant_api_key: SecretStr | None = Field(
        default=None, description="The key that the Qdrant server asks for."
    )
    qdrant_ca: Path | None = Field(
        default=None,
        description="Certificates (PEM) to trust the Qdrant server by; by default the system's.",
    )
    qdrant_timeout: int = Field(
        default=6, ge=1, le=300, description="Seconds after which a call to Qdrant has failed."
    )
    qdrant_collection: str = Field(
        default="articles",
        pattern=r"^[A-Za-z0-9_-]{1,100}$",
        description="The alias that the index is found by; collections are named after it.",
    )
    qdrant_shards: int = Field(
        default=1, ge=1, le=1000, description="Shards of a new collection: one per node at least."
    )
    qdrant_replicas: int = Field(
        default=1, ge=1, le=100, description="Copies of each shard of a new collection."
    )
    qdrant_write_consistency: int = Field(
        default=1, ge=1, le=100, description="How many of the copies must have a write."
    )
    qdrant_on_disk: bool = Field(
        default=False,
        description="Keep vectors, payload and indexes of a new collection on disk, not in memory.",
    )
    qdrant_quantization: bool = Field(
        default=False,
        description="Find candidates by eight-bit copies of the vectors, kept in memory.",
    )


GROUPS: tuple[type[Group], ...] = (
    Storage,
    Web,
    Logs,
    Work,
    Index,
    Client,
    SharedLedger,
    RedisServer,
    Signing,
    Embedding,
    Qdrant,
)

G = TypeVar("G", bound=Group)


def load(group: type[G]) -> G:
    """The group as the environment has it. Raises CannotStart, which never repeats a value."""
    try:
        return group()
    except ValidationError as error:
        raise CannotStart(" ".join(_sentence(problem) for problem in error.errors())) from None


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def _sentence(problem: object) -> str:
    match problem:
        case {"loc": (str(name), *_), "msg": str(message)}:
            return f"{variable(name)}: {message_of({'msg': message})}"
    return "A setting is not valid."


def _can_be_dialled(url: str) -> bool:
    """Whether its port and its database are numbers; a password may make it unreadable, too."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return port != 0 and _DATABASE.fullmatch(parts.path) is not None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
