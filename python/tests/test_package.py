"""What the wheel brings: the command, the records, the stubs."""

import ast
import pathlib
import pickle
import subprocess
import sys
import sysconfig

import numpy as np

import bluegrad
from bluegrad import _native, records

PYTHON = pathlib.Path(__file__).resolve().parents[1]


def test_the_command(tmp_path):
    script = pathlib.Path(sysconfig.get_path("scripts")) / "bluegrad"
    out = tmp_path / "mask.npy"
    run = lambda *words: subprocess.run([script, *map(str, words)], capture_output=True, text=True)
    made = run("generate", "--size", "32", "--seed", "7", "--depth", "32", "--out", out, "--quiet")
    assert (made.returncode, made.stderr) == (0, "")
    assert np.array_equal(np.load(out), bluegrad.generate(32, seed=7, dtype=np.uint32))
    assert run("--version").stdout == f"bluegrad {bluegrad.__version__}\n"
    wrong = run("generate", "--size", "7")
    assert wrong.returncode == 2 and "8 to 4096" in wrong.stderr and wrong.stderr.count("\n") == 1
    assert run("measure", tmp_path / "nothing.png").returncode == 1


def test_the_command_ends_by_a_signal(tmp_path):
    words = ["generate", "--preset", "published", "--size", "256", "--out", str(tmp_path / "mask.npy")]
    ran = subprocess.Popen([sys.executable, "-m", "bluegrad", *words], stderr=subprocess.PIPE)
    # wait for the process to catch the signal, as Linux shows it
    if sys.platform == "linux":
        status = pathlib.Path(f"/proc/{ran.pid}/status")
        while not (masks := caught(status)) & 1 << 14:
            assert ran.poll() is None, masks
        ran.terminate()
        ran.communicate()
        assert ran.returncode == 143 and not any(tmp_path.iterdir())
    else:
        ran.kill()
        ran.communicate()


def caught(status):
    return next(int(line.split()[1], 16) for line in status.read_text().splitlines() if line.startswith("SigCgt:"))


def test_records_are_those_of_the_header():
    subprocess.run([sys.executable, PYTHON / "tools" / "records", "--check"], check=True)


def test_records_are_the_cores_defaults():
    for stage in records.Stage.__subclasses__():
        words = _native.stage_default(stage.kind)
        data = bytes(stage())
        assert words[4 : 4 + len(data)] == data and not any(words[4 + len(data) :])
        assert stage.from_bytes(data) == stage() == pickle.loads(pickle.dumps(stage()))


def test_the_stub_has_the_names_of_the_module():
    tree = ast.parse((PYTHON / "bluegrad" / "_native.pyi").read_text())
    names = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert names == {name for name, value in vars(_native).items() if callable(value)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)} - {"__new__"}
            assert methods == {name for name in vars(getattr(_native, node.name)) if not name.startswith("__")}


def test_the_package_is_typed_and_documented():
    import importlib.resources

    assert importlib.resources.files("bluegrad").joinpath("py.typed").is_file()
    for name in bluegrad.__all__:
        if callable(getattr(bluegrad, name)):
            assert getattr(bluegrad, name).__doc__, name
