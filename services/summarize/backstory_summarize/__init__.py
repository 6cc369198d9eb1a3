"""The stages every accepted article goes through: summarize and index."""
