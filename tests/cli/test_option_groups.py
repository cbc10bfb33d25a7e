"""Groups of options: the parser sees single options in the order of the fields, the command gets the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from transit_model.cli.option_groups import Moment, grouped


@dataclass(frozen=True, kw_only=True)
class Trip:
    """A group that holds another, and an option that must be given."""

    origin: Annotated[str, typer.Option("--from")]
    speed: Annotated[float, typer.Option("--speed", min=1)] = 80.0
    moment: Moment
    late: Annotated[bool, typer.Option("--late")] = False


def show(context: typer.Context, place: Annotated[str, typer.Argument()], trip: Trip, more: str = "none") -> None:
    """Tell what arrived."""
    typed = [n for n in context.params if str(context.get_parameter_source(n)).endswith("COMMANDLINE")]
    typer.echo(f"{place} {trip} {more} {sorted(typed)}")


def make_app() -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(grouped(show))
    return app


def test_the_parser_sees_single_options_in_their_order() -> None:
    command = get_command(make_app())
    assert [p.name for p in command.params if p.name and "completion" not in p.name] == [
        "place", "origin", "speed", "date", "window", "late", "more",
    ]  # fmt: skip
    assert command.help == "Tell what arrived."


def test_the_command_gets_groups_and_knows_what_was_typed() -> None:
    done = CliRunner().invoke(make_app(), ["mid", "--from", "west", "--window", "07:00-08:00", "--late"])
    trip = Trip(origin="west", moment=Moment(window="07:00-08:00"), late=True)
    assert done.stdout.strip() == f"mid {trip} none ['late', 'origin', 'place', 'window']"


@pytest.mark.parametrize("words", [["mid"], ["mid", "--from", "west", "--speed", "0"], ["mid", "--from", "x", "--no"]])
def test_what_the_parser_refuses_it_refuses_still(words: list[str]) -> None:
    assert CliRunner().invoke(make_app(), words).exit_code == 2


def test_no_option_stands_in_two_groups() -> None:
    def twice(trip: Trip, moment: Moment) -> None:
        """Take both."""

    twice.__annotations__ = {"trip": Trip, "moment": Moment, "return": None}
    with pytest.raises(AssertionError, match="two options called date"):
        grouped(twice)
