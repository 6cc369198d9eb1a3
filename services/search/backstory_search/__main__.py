"""`python -m backstory_search`: the search API and the pages on many machines."""

from backstory_shared.starting import start


def main() -> None:
    from backstory_search.main import run

    run()


if __name__ == "__main__":
    start(main)
