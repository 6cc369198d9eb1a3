"""The index on one machine: Qdrant Edge, the Qdrant engine in this process."""

from backstory_shared.adapters.qdrant_edge.folder import RESERVE
from backstory_shared.adapters.qdrant_edge.generations import EdgeGenerations
from backstory_shared.adapters.qdrant_edge.index import EdgeIndex

__all__ = ["RESERVE", "EdgeGenerations", "EdgeIndex"]
