"""`python -m transit_model`: the command line, for who has the package but not its script on the path."""

from transit_model.cli import main

if __name__ == "__main__":
    main()
