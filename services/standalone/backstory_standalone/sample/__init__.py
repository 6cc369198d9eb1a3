"""TEMPORARY."""

from pathlib import Path


def articles_path() -> Path:
    return Path(__file__).parent / "articles.jsonl"
