"""`python -m backstory_summarize worker`, `beat`, or the health of either on this machine."""

import sys

from backstory_shared.starting import start


def main() -> None:
    from backstory_summarize.worker import PROGRAMS

    match sys.argv[1:]:
        case [name] if name in PROGRAMS:
            PROGRAMS[name]()
        case _:
            sys.exit(f"Say which: python -m backstory_summarize {' | '.join(PROGRAMS)}")


if __name__ == "__main__":
    start(main)
