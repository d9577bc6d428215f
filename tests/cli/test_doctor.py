"""The doctor names the limits of a container."""

import math
from types import SimpleNamespace

import pytest

from stylelab.cli import doctor
from stylelab.runs import limits


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (0.5, "(this container has the time of 0.5 processors)"),
        (math.inf, " threads\n"),
    ],
)
def test_the_doctor_says_what_a_container_allows(monkeypatch, capsys, quota, words):
    monkeypatch.setattr(limits, "processors", lambda: quota)
    monkeypatch.setattr(limits, "free_memory", lambda: 3 * 2**30)
    found = SimpleNamespace(returncode=0)  # no look into another process
    monkeypatch.setattr(doctor.subprocess, "run", lambda *_, **__: found)
    doctor.report()
    out = capsys.readouterr().out
    assert words in out
    assert "memory     3.0 GiB free\n" in out
