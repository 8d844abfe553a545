"""What `make audit` makes of pip-audit's answers."""

import json

import pytest

from tests.audit import report

SOUND = {"name": "duckdb", "version": "1.5.5", "vulns": []}
WEAK = {"name": "lxml", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.0"]}]}
SKIPPED = {"name": "ours", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([SOUND], 0, "1 packages audited, 0 with known weaknesses"),
        ([SOUND, SKIPPED], 0, "1 packages audited, 0 with known weaknesses, 1 not known"),
        ([SOUND, WEAK], 1, "lxml 1.0: PYSEC-1, mended in 2.0"),
    ],
)
def test_weaknesses_fail_the_audit(packages, status, said, capsys):
    assert report(status, json.dumps({"dependencies": packages, "fixes": []}), "") == status
    assert said in capsys.readouterr().out


def test_an_audit_without_its_data_is_none_and_says_so(capsys):
    assert report(1, "", "requests.exceptions.ConnectionError: Max retries exceeded with url: /pypi") == 0
    assert "Not audited" in capsys.readouterr().err


def test_data_that_know_no_package_are_none(capsys):
    assert report(0, json.dumps({"dependencies": [SKIPPED]}), "") == 0
    assert "Not audited" in capsys.readouterr().err


def test_an_audit_that_breaks_fails(capsys):
    assert report(2, "", "Traceback: no such option") == 1
    assert "no such option" in capsys.readouterr().err
