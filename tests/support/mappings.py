"""What a program holds in memory of the files it has mapped."""

import re
from pathlib import Path


def held(place: Path) -> int:
    """How much of a mapped file, or of those in a folder, counts as this program's, in bytes."""
    parts = re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text(), flags=re.M)
    mapped = [part for part in parts if str(place) in part.partition("\n")[0]]
    return sum(
        int(kib) * 1024 for part in mapped for kib in re.findall(r"^Rss:\s+(\d+)", part, re.M)
    )
