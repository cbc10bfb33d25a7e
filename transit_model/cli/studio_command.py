"""`transit-model studio`: scenarios switched, moved by sliders and drawn in the browser of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from transit_model.cli.option_groups import Pack, grouped
from transit_model.cli.options import DebugOption, LangOption
from transit_model.cli.output import Format, find_language, reporting, say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(grouped(studio))


@dataclass(frozen=True)
class Listening:
    """Where it listens."""

    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 is any free one.")] = (
        8017
    )
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; from other machines a token is wanted.")
    ] = "127.0.0.1"
    token: Annotated[
        str | None, typer.Option("--token", help="Token that every request brings; made up for --host when absent.")
    ] = None
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open no browser.")] = False


def studio(pack: Pack, listening: Listening, lang: LangOption = None, debug: DebugOption = False) -> None:
    """Draw projects and see the circles move, in a browser of this machine, until Ctrl-C. 方案工作台"""
    with reporting(Format.TABLE, debug=debug):
        from transit_model.studio.server import Address, open_studio

        address = Address(listening.host, listening.port, listening.token)
        server = open_studio(pack.region, pack.scenarios, pack.timetable, address)
        zh = find_language(lang) == "zh"
        say(f"在浏览器中打开 {server.url}，按 Ctrl-C 结束" if zh else f"open {server.url} in a browser; Ctrl-C ends")
        server.warm_up()
        if not listening.no_browser:
            import webbrowser

            webbrowser.open(server.url)
        try:
            server.run()
        except KeyboardInterrupt:
            say("已结束" if zh else "ended")
