"""The notebook runs, and its figures say what its words say."""

import pathlib
import re

import nbformat
from nbclient import NotebookClient

NOTEBOOK = pathlib.Path(__file__).resolve().parents[1] / "examples" / "wronski2020.ipynb"


def test_notebook(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "the notebook is kept without outputs"
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 4
    text = "".join(output["text"] for output in outputs if output.output_type == "stream")
    plain, ball = map(float, re.search(r"100\d+ steps: ([\d.]+); after 501 with momentum: ([\d.]+)", text).groups())
    # the post's trace ends at 0.0576
    assert plain < 0.0576 and ball < 0.0576
    grey = {name: float(power) for name, power in re.findall(r"^(\w+) +grey power up to .25: +(-?[\d.]+) dB", text, re.MULTILINE)}
    assert grey["start"] > -2 and grey["published"] < -45 and grey["spectral"] < -55 and -25 < grey["dither"] < -18
    error = {name: float(power) for name, power in re.findall(r"^(\w+) .*blur of 1.5: +(-?[\d.]+) dB", text, re.MULTILINE)}
    assert error["dither"] < -12 < -4 < error["spectral"]
