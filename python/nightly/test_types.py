"""The package and the use of its types, by mypy."""

import pathlib

from mypy import api

import bluegrad

USE = """
import numpy as np
import bluegrad
from bluegrad import records

mask = bluegrad.generate((4, 64, 64), dtype=np.float32, sigma=1.0)
reveal_type(mask.shape)
report: bluegrad.Report = bluegrad.Generator(bluegrad.config(64)).step(8, progress=lambda report: print(report.step))
bluegrad.dither(np.zeros((4, 4)), 2, mask=mask[0])
fill = records.Fill(sigma=1.3)
bluegrad.Generator(64)
records.Fill(sigma="wide")
"""


def test_types(tmp_path):
    (tmp_path / "use.py").write_text(USE)
    package = pathlib.Path(bluegrad.__file__).parent
    out, errors, _ = api.run(
        [
            "--strict",
            "--cache-dir",
            str(tmp_path / "cache"),
            "--no-error-summary",
            "--ignore-missing-imports",
            str(package),
            str(tmp_path / "use.py"),
        ]
    )
    lines = [line for line in out.splitlines() if "error" in line]
    assert errors == "" and len(lines) == 2, out
    assert 'Argument 1 to "Generator"' in lines[0] and 'Argument "sigma" to "Fill"' in lines[1]
