"""What is typed behind a benchmark's name, and what it says of itself."""

from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser, RawDescriptionHelpFormatter


class _AsWritten(RawDescriptionHelpFormatter, ArgumentDefaultsHelpFormatter):
    """The module's docstring keeps its lines; every option says what it is if not given."""


def command(told: str | None) -> ArgumentParser:
    return ArgumentParser(description=told, formatter_class=_AsWritten)
