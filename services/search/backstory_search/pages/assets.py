"""Assets: the style sheet and the icon, each at an address that changes with its content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from backstory_shared.errors import NotFound

_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str
    version: str


@dataclass(frozen=True, slots=True)
class Assets:
    by_name: Mapping[str, Asset]

    def href(self, name: str) -> str:
        return f"/static/{name}?v={self.by_name[name].version}"

    def find(self, name: str) -> Asset:
        if name not in self.by_name:
            raise NotFound("There is no such file.")
        return self.by_name[name]


def packaged_assets() -> Assets:
    """What lies in `static/` of this package."""
    folder = files(__package__).joinpath("static")
    return Assets({file.name: _asset(file.name, file.read_bytes()) for file in folder.iterdir()})


def _asset(name: str, content: bytes) -> Asset:
    suffix = name[name.rindex(".") :]
    version = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, _TYPES[suffix], version)
