"""`transit-model serve`: the maps folder in the browser of this machine, and of no other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from transit_model.cli.options import DebugOption, LangOption
from transit_model.cli.output import Format, find_language, reporting, say
from transit_model.errors import InputError, Issue
from transit_model.store.claim import restore_all
from transit_model.studio.loopback import HOST

if TYPE_CHECKING:
    from transit_model.cli.page_server import PageServer

_FRONT_PAGE: Final = "index.html"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def open_server(folder: Path, port: int = 0) -> PageServer:
    """Return a server of a folder that listens on this machine only; port 0 takes any free one.

    Raises
    ------
    InputError
        When the folder is not there or holds no front page, or the port is taken.
    """
    restore_all(folder.parent)  # a killed run may have left the maps hidden
    if not (folder / _FRONT_PAGE).is_file():
        raise InputError(
            Issue(
                "no_maps",
                "error",
                f"no {_FRONT_PAGE} in this folder",
                file=str(folder),
                hint="write the maps first: transit-model run",
            )
        )
    try:
        from transit_model.cli.page_server import PageServer

        return PageServer(folder, port)
    except OSError as error:
        raise InputError(
            Issue(
                "port_taken",
                "error",
                f"cannot listen on port {port}: {error.strerror}",
                field="--port",
                value=str(port),
                hint="choose another port, or 0 for any free one",
            )
        ) from error


def serve(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that run wrote.")] = Path("maps"),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 is any free one.")] = (
        8000
    ),
    lang: LangOption = None,
    debug: DebugOption = False,
) -> None:
    """Show the maps in a browser of this machine until Ctrl-C. 在本机浏览器中查看"""
    with reporting(Format.TABLE, debug=debug), open_server(folder, port) as server:
        address = f"http://{HOST}:{server.server_port}/"
        zh = find_language(lang) == "zh"
        try:
            say(
                f"{folder}：在浏览器中打开 {address}，按 Ctrl-C 结束"
                if zh
                else f"{folder}: open {address} in a browser; Ctrl-C ends"
            )
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            say("已结束" if zh else "ended")
