"""`assess`: what the documents of a workspace evidence."""

from __future__ import annotations

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import (
    FrameworkOption,
    JsonOption,
    KindOption,
    OrganizationOption,
    WorkspaceOption,
    check_kind,
    load_analyzer,
)
from lhs_evidence.cli.summary import print_scorecard, say_unread


def assess(
    workspace: WorkspaceOption,
    organization: OrganizationOption = "",
    kind: KindOption = "hospital",
    as_json: JsonOption = False,
    framework: FrameworkOption = None,
) -> None:
    """Assess the documents of a workspace and keep the assessment."""
    analyzer = load_analyzer(framework)
    check_kind(analyzer, kind)
    with console.progress() as progress:
        analyzer.assess(
            workspace,
            organization=organization or workspace.resolve().name,
            kind=kind,
            progress=progress,
        )
    report = analyzer.report(workspace)
    say_unread(report)
    if as_json:
        console.out().out(report.model_dump_json(by_alias=True, indent=1), highlight=False)
    else:
        print_scorecard(report, {})
