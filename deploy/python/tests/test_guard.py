"""Tests against the built program and a running server.

PALINODE_PROGRAM, PALINODE_SERVER, PALINODE_RETRACTED (an identifier with a report about it) and PALINODE_FOLDER (a folder that names it) come
from tests/cli/python.rs; without them, only what needs no server is tested.
"""

import os
import pathlib
import subprocess
import tempfile
import unittest
import unittest.mock

import palinode

SERVER = os.environ.get("PALINODE_SERVER")
RETRACTED = os.environ.get("PALINODE_RETRACTED", "")
FOLDER = os.environ.get("PALINODE_FOLDER", "")
NOWHERE = "http://127.0.0.1:9/"
MISSING = "palinode-that-is-not-installed"


@unittest.skipUnless(SERVER, "needs a server")
class WithAServer(unittest.TestCase):
    def both_ways(self):
        """The program, and HTTP alone."""
        return ({}, {"program": MISSING})

    def test_an_identifier_with_a_notice_raises(self):
        for way in self.both_ways():
            with self.assertRaises(palinode.RetractedDataset) as caught:
                palinode.guard(RETRACTED, server=SERVER, fail_on="reported", **way)
            self.assertEqual(caught.exception.report.verdicts, ["reported"])
            self.assertIn(RETRACTED, str(caught.exception))

    def test_a_milder_verdict_than_asked_for_is_reported_and_lets_pass(self):
        for way in self.both_ways():
            report = palinode.guard(RETRACTED, server=SERVER, **way)
            self.assertEqual((report.exit_code, report.verdicts), (0, ["reported"]))

    def test_no_notice_says_by_whose_word(self):
        for way in self.both_ways():
            report = palinode.guard("doi:10.5281/zenodo.7", server=SERVER, **way)
            self.assertEqual(report.verdicts, [])
            self.assertIn("localhost", report.answer["origin"])

    def test_a_folder_is_scanned(self):
        with self.assertRaises(palinode.RetractedDataset) as caught:
            palinode.guard(FOLDER, server=SERVER, fail_on="reported")
        self.assertEqual(caught.exception.report.verdicts, ["reported"])


@unittest.skipUnless(SERVER and os.environ.get("PALINODE_PROGRAM"), "needs a server and the program")
class WithAnIndex(unittest.TestCase):
    def test_without_a_server_the_local_index_is_asked(self):
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.dict(os.environ, {"PALINODE_INDEX": folder}):
            update = ["index", "update", "--server", SERVER, "--trust-on-first-use", "--entries", "--lists"]
            subprocess.run([os.environ["PALINODE_PROGRAM"], *update], check=True, capture_output=True)
            del os.environ["PALINODE_SERVER"]
            with self.assertRaises(palinode.RetractedDataset) as caught:
                palinode.guard(RETRACTED, fail_on="reported")
            self.assertEqual(caught.exception.report.verdicts, ["reported"])


class Alone(unittest.TestCase):
    def test_what_cannot_be_checked_raises(self):
        with self.assertRaises(palinode.CouldNotCheck):
            palinode.guard("doi:10.5281/zenodo.7", server=NOWHERE, program=MISSING)

    def test_a_path_that_is_not_there_is_no_name_that_passes(self):
        for missing in ("/data/misspelt", "./misspelt", pathlib.Path("data/misspelt"), "misspelt/"):
            with self.assertRaises(palinode.CouldNotCheck) as caught:
                palinode.guard(missing, server=NOWHERE)
            self.assertIn("no such file or folder", str(caught.exception))

    def test_a_folder_needs_the_program(self):
        with self.assertRaises(palinode.CouldNotCheck) as caught:
            palinode.guard(os.path.dirname(__file__), program=MISSING)
        self.assertIn("PALINODE_PROGRAM", str(caught.exception))

    def test_a_level_and_an_address_that_make_no_sense_are_refused(self):
        for wrong in ({"fail_on": "worst", "server": NOWHERE}, {"server": "file:///etc/"}):
            with self.assertRaises(ValueError):
                palinode.check("doi:10.5281/zenodo.7", program=MISSING, **wrong)

    def test_words_of_a_newer_server_are_not_taken_for_a_good_answer(self):
        self.assertEqual(palinode._code({"verdict": "vanished"}, "concern"), 3)
        self.assertEqual(palinode._code({"verdict": "part-retracted", "part": "cannot-tell"}, "derived-from-retracted"), 0)
        self.assertEqual(palinode._code({"verdict": "part-retracted", "part": "affected"}, "derived-from-retracted"), 1)


if __name__ == "__main__":
    unittest.main()
