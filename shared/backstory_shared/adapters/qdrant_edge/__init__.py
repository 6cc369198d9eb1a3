"""The index on one machine: Qdrant Edge, the Qdrant engine in this process."""

from backstory_shared.adapters.qdrant_edge.index import EdgeIndex

__all__ = ["EdgeIndex"]
