"""The command line: `dechrome …`. Data goes to stdout, logs and progress to stderr, progress to a terminal alone."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from pipeline.cli.app import run_command

    sys.exit(run_command(sys.argv[1:]))
