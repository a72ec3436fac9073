"""`python -m pipeline.cli` is `dechrome`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
