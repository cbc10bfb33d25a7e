"""The command line: parse, call the study, print. No arithmetic and no loop over places.

Heavy libraries are imported inside the commands, so that ``--help`` starts at once.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line (`app.main`); the whole help, and what was asked before, is answered without the parser."""
    from transit_model.cli.streams import mend_arguments, prepare_streams, run_to_the_end

    prepare_streams()
    mend_arguments(sys.argv)
    run_to_the_end(_answer)


def _answer() -> None:
    from transit_model.cli.greeting import find_cached_answer, is_question

    answer = find_cached_answer(sys.argv)
    if answer is not None:
        sys.stdout.write(f"{answer}\n")
    elif is_question(sys.argv):
        from transit_model.cli.answer_cache import answer_question

        answer_question(sys.argv, _run)
    else:
        _run()


def _run() -> None:
    import gc

    from transit_model.cli.app import main as run

    # What libraries make while they load stays to the end: looking through it for garbage 300 times is time lost.
    gc.set_threshold(10_000, 20, 20)
    run()
