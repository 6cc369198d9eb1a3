"""The entry. Worker processes load this module again, so it imports nothing at the top."""


def main() -> None:
    from backstory_standalone.cli import run

    run()


if __name__ == "__main__":
    main()
