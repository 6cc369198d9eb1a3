"""`python -m backstory_ingest`: the ingest API on many machines."""

from backstory_shared.starting import start


def main() -> None:
    from backstory_ingest.main import run

    run()


if __name__ == "__main__":
    start(main)
