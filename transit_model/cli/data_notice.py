"""What commands that print minutes say about the data behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transit_model.cli.output import Format, print_issues

if TYPE_CHECKING:
    from transit_model.measure.workspace import Workspace


def tell_data(workspace: Workspace, form: Format, *, size: tuple[float, int, int] | None = None) -> dict[str, Any]:
    """Tell what is odd about the data of the region: on stderr, or as the keys to add to a JSON answer.

    With a `size`, the edge of a cell in metres and how many scenarios are held at once in how many processes, also that
    it may not fit.

    Returns
    -------
    dict
        ``{"warnings": [...]}`` where JSON is asked for and there is something to tell, else empty.
    """
    issues = workspace.data_warnings()
    if size is not None:
        from transit_model.measure.size_check import check_size

        issues += check_size(workspace.region, *size)
    if form is not Format.JSON:
        print_issues(issues, form)
        return {}
    return {"warnings": [issue.as_dict() for issue in issues]} if issues else {}
