"""The index on many machines: a Qdrant server or cluster."""

from backstory_shared.adapters.qdrant_server.connection import connect
from backstory_shared.adapters.qdrant_server.generations import QdrantServerGenerations
from backstory_shared.adapters.qdrant_server.index import QdrantServerIndex

__all__ = ["QdrantServerGenerations", "QdrantServerIndex", "connect"]
