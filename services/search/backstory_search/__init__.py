"""Answers readers: search, related articles, summaries, and the pages that show them."""
