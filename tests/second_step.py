"""Tests that cost seconds run in CI's second step (`make test-slow`): no assertion is lost, and `make test` is short.

A test with many variants keeps some of them here, so that what it guards is looked at by every run.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import pytest

EVERY: Final[dict[str, int]] = {
    "tests/analysis/test_evaluate.py::test_an_evaluation_equals_the_scenario_from_scratch": 0,
    "tests/analysis/test_evaluate.py::test_the_shipped_region_from_scratch": 0,
    "tests/analysis/test_insight_commands.py::test_sureness": 0,
    "tests/analysis/test_uncertainty.py::test_an_opening_that_the_scenario_overrides": 0,
    "tests/analysis/test_uncertainty.py::test_the_chance_that_a_speed_is_enough": 0,
    "tests/batches/test_D01_study_work.py::test_times_are_those_of_od": 2,
    "tests/catalogue/test_scenario_export.py::test_the_same_minutes_after_a_round_trip": 2,
    "tests/cli/test_every_option_reaches.py::test_another_timetable_moves_the_numbers": 4,
    "tests/cli/test_every_option_reaches.py::test_the_option_changes_the_answer": 6,
    "tests/cli/test_import_bad.py::test_a_disk_that_fills": 3,
    "tests/cli/test_obstacles.py::test_a_disk_that_fills_while_writing": 4,
    "tests/cli/test_rests_on.py::test_require_does_not_rest_on_what_it_varies": 0,
    "tests/cli/test_streams.py::test_a_closed_stream_s_number_goes_to_no_file": 0,
    "tests/cli/test_warmup.py::test_verbose_tells_the_engine_and_silence_is_the_rule": 0,
    "tests/measure/test_data_warnings.py::test_minutes_stand_beside_what_is_odd_about_them": 3,
    "tests/measure/test_doors_agree.py::test_a_journey_in_words_takes_the_minutes_of_the_table": 2,
    "tests/measure/test_memo_vintages.py::test_two_timetables_of_one_date": 2,
    "tests/measure/test_own_folder.py::test_an_unknown_scenario_is_an_error_with_the_near_names": 6,
    "tests/measure/test_own_folder.py::test_what_a_number_rests_on_stands_beside_it": 0,
    "tests/measure/test_real_pack.py::test_a_bus_moves_no_rail_and_no_road": 0,
    "tests/pages/test_axe.py::test_no_serious_violation": 4,
    "tests/pages/test_browser.py::test_every_page_opens_in_both_languages_at_both_widths": 5,
    "tests/pages/test_browser.py::test_print_view_renders": 4,
    "tests/pages/test_land.py::test_comparison_and_timeline_have_the_ground_too": 2,
    "tests/pages/test_land.py::test_no_label_of_the_land_lies_on_another_at_any_zoom_in_either_language": 0,
    "tests/pages/test_land.py::test_relief_and_waters_lie_under_the_rings_and_can_be_switched_off": 2,
    "tests/pages/test_paper.py::test_no_table_is_cut_on_paper": 4,
    "tests/pages/test_run.py::test_a_study_measures_what_its_file_chooses": 0,
    "tests/pages/test_workload.py::test_the_tables_do_not_depend_on_the_number_of_processes": 0,
    "tests/pages/test_workload.py::test_what_a_dead_process_had_is_measured_here": 0,
    "tests/regions/test_tutorial.py::test_the_tutorial_works": 0,
    "tests/store/test_jit.py::test_damaged_code_is_dropped_and_compiled_anew": 4,
    "tests/store/test_killed_commands.py::test_killed_here_and_there": 5,
    "tests/store/test_killed_writers.py::test_pages_without_exchange_are_back_at_the_next_start": 0,
    "tests/store/test_killed_writers.py::test_the_next_start_may_be_killed_too": 0,
    "tests/streets/test_repair.py::test_a_broad_change_is_searched_anew_after_few_attempts": 0,
    "tests/timetable/test_E02_real_feeds.py::test_the_shipped_region": 0,
    "tests/timetable/test_E04_more_service.py::test_more_service_lengthens_nothing": 0,
    "tests/tools/test_gallery.py::test_pictures_are_taken_and_weighed": 0,
    "tests/tools/test_tools.py::test_pages_that_need_the_network_or_break_are_found": 0,
}
"""Of which tests every n-th variant runs by default, none where it says 0; the others are `slow`."""


def postpone(items: list[pytest.Item]) -> None:
    """Mark as `slow` what `EVERY` leaves to the second step."""
    seen: defaultdict[str, int] = defaultdict(int)
    for item in items:
        test = item.nodeid.split("[", 1)[0]
        if (every := EVERY.get(test)) is None:
            continue
        if not every or seen[test] % every:
            item.add_marker(pytest.mark.slow)
        seen[test] += 1
