"""Evaluation: how good search and summaries are, beside peers, on sets that anybody may bring."""
