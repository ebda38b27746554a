"""`python3 -m app [VERB]`: installs what is missing on the first start, then `perron VERB`."""

from app import bootstrap


def main() -> None:
    from app import cli

    cli.main()


if __name__ == "__main__":
    bootstrap.ensure("home", "app")
    main()
