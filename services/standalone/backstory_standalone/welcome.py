"""What `backstory serve` says once it answers: where it is, and three things to try."""

from pathlib import Path

_TRY = """\

  Backstory answers at {url}   (data in {data}, stop with Ctrl-C)
{archive}
  Three things to try:
    1. Search by meaning     {url}/?q=homes+under+water+after+heavy+rain
    2. Post an article       curl {url}/v1/articles \\
                               -H 'Content-Type: application/json' \\
                               -d '{{"id": "first", "title": "Hello", "text": "It is in."}}'
    3. Read its summary      curl {url}/v1/articles/first/summary

  Every route: {url}/docs

"""


def welcome(url: str, data: Path, *, filled: bool) -> str:
    archive = "  The sample archive is in it.\n" if filled else ""
    return _TRY.format(url=url, data=data, archive=archive)
