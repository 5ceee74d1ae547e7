"""The commands, put together, and the one place where errors become exit codes.

Exit codes: 0 done, 2 bad usage, 1 any other failure, with one line on standard error.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points, version
from typing import Annotated

import typer

from lhs_evidence.cli import console
from lhs_evidence.cli.analyze import analyze
from lhs_evidence.cli.assess import assess
from lhs_evidence.cli.classify import classify
from lhs_evidence.cli.doctor import doctor
from lhs_evidence.cli.ingest import ingest
from lhs_evidence.cli.report import report
from lhs_evidence.cli.search import search
from lhs_evidence.cli.train import train
from lhs_evidence.cli.verify import verify
from lhs_evidence.errors import EvidenceError

COMMANDS = (analyze, ingest, search, assess, report, verify, classify, train, doctor)
# The service and the evaluation harness stand on top of this package, which may not import them:
# they announce their commands as entry points instead.
COMMANDS_FROM_ABOVE = "lhs_evidence.commands"

app = typer.Typer(
    name="lhs-evidence",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lhs-evidence {version('lhs-evidence')}")
        raise typer.Exit


@app.callback()
def root(
    _version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Find, in an organization's documents, the evidence for the shared commitments of health care.

    Every claim leads to verbatim text; what was not read is never called missing.
    """


for _command in COMMANDS:
    app.command(_command.__name__)(_command)
for _entry in sorted(entry_points(group=COMMANDS_FROM_ABOVE), key=lambda entry: entry.name):
    app.command(_entry.name)(_entry.load())


def main() -> None:
    """Run the command line; never ends in a traceback unless LHS_DEBUG is set."""
    try:
        app()
    except EvidenceError as error:
        console.fail(str(error))
    except KeyboardInterrupt:
        console.fail("interrupted", code=130)
    except BrokenPipeError:
        # Whoever read our output has had enough; closing it quietly keeps Python from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("LHS_DEBUG"):
            raise
        console.fail(
            f"unexpected fault ({type(error).__name__}): {error}; set LHS_DEBUG=1 for more"
        )


if __name__ == "__main__":
    main()
