"""Starting a program: what stops it is one sentence to the person who started it."""

import sys
from collections.abc import Callable

from backstory_shared.errors import CannotStart, Unavailable


def start(program: Callable[[], None]) -> None:
    """Run a root's program, which imports what it needs; exit status 1 if it cannot start."""
    try:
        program()
    except ModuleNotFoundError as error:
        _stop(
            f"The package {error.name} is missing. Many machines need the extra: "
            "pip install 'backstory[distributed]'."
        )
    except (CannotStart, Unavailable) as error:
        _stop(error.detail)


def _stop(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.exit(1)
