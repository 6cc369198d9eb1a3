"""The entry. Worker processes load this module again, so it imports nothing at the top."""

#: As shells have it: 128, and the number of the signal.
_INTERRUPTED = 130


def main() -> None:
    try:
        from backstory_standalone.cli import run
    except KeyboardInterrupt:  # loading takes half a second
        raise SystemExit(_INTERRUPTED) from None
    run()


if __name__ == "__main__":
    main()
