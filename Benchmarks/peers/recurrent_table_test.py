"""Tests what recurrent_table.py judges; it needs Python alone.

    python3 recurrent_table_test.py
"""

import contextlib
import io
import json
import math
import pathlib
import tempfile
import unittest
from unittest import mock

import recurrent_table
from figures import figure
from recurrent_table import Goal, Key

OURS, THEIRS = Key("senti", "reading", "gru"), Key("torch", "reading", "gru")
TWICE = Goal("twice as fast", OURS, THEIRS, 2)
TWO_THREADS = Goal("two threads", Key("senti", "reading", "gru", 2), OURS, 1.9)


def reading(program, value, threads=1):
    return figure(program, "reading", "gru", threads, value)


class TableTest(unittest.TestCase):
    def judge(self, *files, goals=(TWICE,), options=()):
        """The exit status, and what is printed, for files of figures."""
        printed = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / f"{index}.jsonl" for index in range(len(files))]
            for path, lines in zip(paths, files):
                path.write_text("".join(json.dumps(line) + "\n" for line in lines))
            with mock.patch.object(recurrent_table, "goals", lambda _: iter(goals)):
                with contextlib.redirect_stdout(printed):
                    status = recurrent_table.main([*map(str, paths), *options])
        return status, printed.getvalue()

    def expect(self, status, row, *arguments, **options):
        found, printed = self.judge(*arguments, **options)
        self.assertIn(row, printed)
        self.assertEqual(found, status)

    def test_a_ratio_of_the_limit_is_reached(self):
        self.expect(
            0, "| twice as fast | 2.00 | 2.00 | reached |",
            [reading("senti", 20), reading("torch", 10)])

    def test_a_ratio_below_the_limit_is_missed(self):
        self.expect(
            1, "| twice as fast | 2.00 | 1.90 | MISSED |",
            [reading("senti", 19), reading("torch", 10)])

    def test_one_missed_ratio_of_several_fails(self):
        reached = Goal("as fast", OURS, THEIRS, 1)
        self.expect(
            1, "| as fast | 1.00 | 1.90 | reached |",
            [reading("senti", 19), reading("torch", 10)], goals=[TWICE, reached])

    def test_a_missing_figure_fails_unless_it_is_allowed(self):
        row, figures = "| two threads | 1.90 |  | not measured |", [
            reading("senti", 20), reading("torch", 10)]
        self.expect(1, row, figures, goals=[TWICE, TWO_THREADS])
        self.expect(0, row, figures, goals=[TWICE, TWO_THREADS], options=["--allow-missing"])

    def test_a_table_in_which_all_is_missing_fails(self):
        self.expect(
            1, "not measured", [reading("senti", 20)], options=["--allow-missing"])

    def test_a_table_without_goals_fails(self):
        self.expect(1, "| ratio |", [reading("senti", 20), reading("torch", 10)], goals=[])

    def test_a_figure_that_is_no_positive_number_is_missed(self):
        for value in (math.nan, math.inf, -math.inf, 0, -1):
            for ours, theirs in ((value, 10), (20, value), (value, value)):
                with self.subTest(ours=ours, theirs=theirs):
                    self.expect(
                        1, "| twice as fast | 2.00 | nan | MISSED |",
                        [reading("senti", ours), reading("torch", theirs)])

    def test_the_median_of_rounds_counts(self):
        rounds = [[reading("senti", ours), reading("torch", theirs)]
                  for ours, theirs in ((90, 10), (1, 9), (24, 11))]
        self.expect(0, "| twice as fast | 2.00 | 2.40 | reached |", *rounds)

    def test_one_round_without_a_number_is_missed(self):
        for place in range(3):
            values = [20, 30, 40]
            values[place] = math.nan
            with self.subTest(values=values):
                self.expect(
                    1, "MISSED", [reading("torch", 10)],
                    *([reading("senti", value)] for value in values))

    def test_processor_time_leaves_out_two_threads_alone(self):
        figures, goals = [reading("senti", 20), reading("torch", 10)], [TWICE, TWO_THREADS]
        status, printed = self.judge(figures, goals=goals, options=["--processor-time"])
        self.assertEqual(status, 0)
        self.assertNotIn("two threads", printed)
        self.expect(1, "not measured", figures[:1], goals=goals, options=["--processor-time"])

    def test_a_ratio_without_a_limit_is_shown(self):
        shown = Goal("for information", OURS, THEIRS)
        self.expect(
            0, "| for information |  | 2.00 | no limit |",
            [reading("senti", 20), reading("torch", 10)], goals=[TWICE, shown])

    def test_the_goals_are_there_and_have_names_of_their_own(self):
        texts = [goal.text for goal in recurrent_table.goals("texts of --labelled")]
        self.assertGreater(len(texts), 15)
        self.assertEqual(len(set(texts)), len(texts))
        self.assertIn("accuracy in int8, against float32, texts of --labelled", texts)


if __name__ == "__main__":
    unittest.main()
