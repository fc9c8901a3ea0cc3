"""Ask before use: is this dataset retracted?

    import palinode

    palinode.guard("example/faces")          # raises RetractedDataset before load_dataset does harm
    dataset = load_dataset("example/faces")

A path is scanned by the program ``palinode`` on this machine; without ``server``, nothing about it leaves the machine. An identifier (a DOI, an address,
a Hub or Kaggle name, a digest, a torrent) is looked up in the local index where there is one and no server is named, else asked of a server: by the
program when it is installed, else over HTTP.

What could not be checked raises too: silence would be taken for a good answer.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CouldNotCheck", "LedgerBroken", "PalinodeError", "Report", "RetractedDataset", "check", "guard", "scan"]
__version__ = "0.1.0"

DEFAULT_SERVER = "http://127.0.0.1:8080/"
DEFAULT_LEVEL = "derived-from-retracted"
#: Most severe first (the order of the manual's chapter *protocol*).
SEVERITY = (
    "retracted",
    "part-retracted",
    "derived-from-retracted",
    "disputed",
    "removed-unexplained",
    "concern",
    "reported",
    "part-retracted/cannot-tell",
    "corrected",
    "scheduled",
    "superseded",
    "removed-no-fault",
    "reinstated",
    "not-affected",
    "possible",
)
#: How much of an answer is read, in bytes.
LARGEST_ANSWER = 16 << 20


class PalinodeError(Exception):
    """Something that should stop whoever is about to use the data."""

    def __init__(self, message: str, report: "Report | None" = None) -> None:
        super().__init__(message)
        self.report = report


class RetractedDataset(PalinodeError):
    """A notice speaks against the data, at the level that was asked for or above."""


class CouldNotCheck(PalinodeError):
    """Nobody could be asked, the answer is too old, or there was nothing to look up."""


class LedgerBroken(PalinodeError):
    """A log, an index or a proof does not verify. Never masked by anything else."""


@dataclass
class Report:
    """What is known. ``answer`` is the whole JSON of the program or the server."""

    asked: str
    exit_code: int
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def verdicts(self) -> list[str]:
        """The verdicts, one for each dataset or identifier that something is known of."""
        asked = [self.answer, *self.answer.get("servers", [])]
        found = [item for one in asked for item in one.get("datasets") or one.get("answers") or []]
        return [item["verdict"] for item in found if item.get("verdict") not in (None, "no-notice")]


def guard(path_or_id: str | os.PathLike[str], *, server: str | None = None, fail_on: str = DEFAULT_LEVEL, **options: Any) -> Report:
    """Raises before data is used that a notice speaks against; gives the report otherwise.

    What exists as a file or folder is scanned, everything else is asked as an identifier. Options are those of :func:`scan` and :func:`check`.
    A path that is not there raises: asked as a name, it would be one that nobody has heard of, and pass.
    """
    text = os.fspath(path_or_id)
    is_path = not isinstance(path_or_id, str) or os.path.isabs(text) or text.startswith(("./", "../", "~")) or text.endswith(os.sep) or text in (".", "..")
    if is_path and not os.path.exists(text):
        raise CouldNotCheck(f"{text}: no such file or folder, so nothing was looked at")
    report = scan(text, server=server, fail_on=fail_on, **options) if os.path.exists(text) else check(text, server=server, fail_on=fail_on, **options)
    if report.exit_code == 4:
        raise LedgerBroken(f"{text}: the ledger or its index does not verify", report)
    if report.exit_code == 1:
        said = ", ".join(sorted(set(report.verdicts))) or fail_on
        raise RetractedDataset(f"{text}: {said}; read the notice before you use it (palinode {'scan' if os.path.exists(text) else 'check'} {text})", report)
    if report.exit_code == 5:
        raise CouldNotCheck(f"{text}: there was nothing to look up", report)
    if report.exit_code != 0:
        raise CouldNotCheck(f"{text}: could not be checked: {report.answer.get('error', 'see the report')}", report)
    return report


def scan(
    path: str | os.PathLike[str], *, server: str | None = None, fail_on: str = DEFAULT_LEVEL, program: str | None = None, arguments: tuple[str, ...] = ()
) -> Report:
    """Scans a file or folder with the program. With ``server``, the identifiers that are found (never file names) are told to that server."""
    words = ["scan", os.fspath(path), "--fail-on", fail_on, *arguments]
    if server is not None:
        words += ["--ask", server]
    return _run(os.fspath(path), words, program)


def check(identifier: str, *, server: str | None = None, fail_on: str = DEFAULT_LEVEL, program: str | None = None, arguments: tuple[str, ...] = ()) -> Report:
    """Asks about one identifier. Without ``server`` and PALINODE_SERVER, the local index is asked first, and a server on this machine where there is none.
    A server is asked by the program when there is one, else over HTTP."""
    server = server or os.environ.get("PALINODE_SERVER")
    if server is None and not arguments and _program(program) is not None:
        report = _run(identifier, ["check", "--offline", "--fail-on", fail_on, "--", identifier], program)
        # Without an index there is no such list; with one that is too old there is, and nobody else is asked.
        if "servers" in report.answer:
            return report
    server = server or DEFAULT_SERVER
    if _program(program) is None and not arguments:
        return _ask(identifier, server, fail_on)
    return _run(identifier, ["check", "--server", server, "--fail-on", fail_on, *arguments, "--", identifier], program)


def _program(given: str | None) -> str | None:
    return shutil.which(given or os.environ.get("PALINODE_PROGRAM") or "palinode")


def _run(asked: str, words: list[str], given: str | None) -> Report:
    program = _program(given)
    if program is None:
        raise CouldNotCheck(f"{asked}: the program palinode is not installed; set PALINODE_PROGRAM to where it is")
    ended = subprocess.run([program, "--format", "json", *words], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    answer = _object(ended.stdout) or _object(ended.stderr) or {"error": ended.stderr.strip()}
    return Report(asked, ended.returncode, answer)


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _ask(identifier: str, server: str, fail_on: str) -> Report:
    if fail_on not in SEVERITY:
        raise ValueError(f"{fail_on!r} is no verdict")
    address = urllib.parse.urljoin(server if server.endswith("/") else server + "/", "v1/check?" + urllib.parse.urlencode({"id": identifier}))
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise ValueError(f"{server!r} is no http or https address")
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": "application/json"}), timeout=30) as stream:
            answer = _object(stream.read(LARGEST_ANSWER).decode("utf-8", "replace"))
    except (urllib.error.URLError, OSError) as error:
        return Report(identifier, 3, {"error": str(error)})
    answers = (answer or {}).get("answers")
    if not isinstance(answers, list) or not answers:
        return Report(identifier, 3, {"error": f"{server} gave no answer"})
    return Report(identifier, max((_code(one, fail_on) for one in answers), key=(0, 5, 3, 1, 4).index), answer or {})


def _code(answer: dict[str, Any], fail_on: str) -> int:
    verdict = answer.get("verdict")
    if verdict == "part-retracted" and answer.get("part") == "cannot-tell":
        verdict = "part-retracted/cannot-tell"
    if verdict == "no-notice":
        return 0
    # A word of a newer server is not understood, so it was not checked.
    if verdict not in SEVERITY:
        return 3
    return 1 if SEVERITY.index(verdict) <= SEVERITY.index(fail_on) else 0
