"""What commands that print minutes say about the data behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transit_model.cli.output import Format, print_issues

if TYPE_CHECKING:
    from transit_model.measure.workspace import Workspace


def tell_data(workspace: Workspace, form: Format) -> dict[str, Any]:
    """Tell what is odd about the data of the region: on stderr, or as the keys to add to a JSON answer.

    Returns
    -------
    dict
        ``{"warnings": [...]}`` where JSON is asked for and there is something to tell, else empty.
    """
    issues = workspace.data_warnings()
    if form is not Format.JSON:
        print_issues(issues, form)
        return {}
    return {"warnings": [issue.as_dict() for issue in issues]} if issues else {}
