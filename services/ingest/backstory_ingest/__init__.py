"""Accepts articles: validates, decides the revision, commits to the ledger, rings the queue."""
