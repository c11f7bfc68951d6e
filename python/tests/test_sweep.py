"""Sweeps: the same bytes as serial, results that others read, workers that die, sweeps that were stopped."""

import hashlib
import json
import os
import signal
import socket
import threading

import duckdb
import numpy as np
import pandas
import pytest
from distributed import Client, LocalCluster

import bluegrad

# of Dask's own sockets
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*socket:ResourceWarning", "ignore:.*socket:pytest.PytestUnraisableExceptionWarning"
)

CONFIGS = {
    "plain": {"size": 32},
    "far": {"size": 32, "sigma": 1.7},
    "layers": {"size": (2, 16, 16), "channels": 2},
    "spectral": bluegrad.config(16, preset="spectral", steps=20),
}


def serial(name, seed):
    """The hash of a mask that is made here."""
    given = CONFIGS[name]
    config = given if isinstance(given, bluegrad.Config) else bluegrad.config(**given)
    recipe, shape = config.recipe, config.shape
    ranks = bluegrad.generate((shape.layers, shape.height, shape.width, shape.channels), recipe=recipe, seed=seed, dtype=np.uint32)
    return hashlib.sha256(ranks.tobytes()).hexdigest()


def check(table, names, seeds):
    rows = table.select(["name", "seed", "sha256"]).to_pylist()
    assert [(row["name"], row["seed"]) for row in rows] == [(name, seed) for name in sorted(names) for seed in seeds]
    for row in rows:
        assert row["sha256"] == serial(row["name"], row["seed"])


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield cluster


def with_port(port):
    """A function of figures that reports each call to a socket, and goes on when the other side answers."""

    def figures(ranks, config):
        with socket.create_connection(("127.0.0.1", port)) as there:
            there.sendall(f"{os.getpid()} {config.seed}\n".encode())
            there.recv(1)
        return {"corner": float(ranks.flat[0]), "row": [float(rank) for rank in ranks.flat[:3]]}

    return figures


class Listener:
    """Calls `on(pid, seed)` for each call of the figures, and lets the call go on after that."""

    def __init__(self, on):
        self.calls, self.on = [], on
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                there, _ = self.server.accept()
            except OSError:
                return
            with there:
                pid, seed = map(int, there.makefile().readline().split())
                self.calls.append((pid, seed))
                self.on(pid, seed)
                # a killed worker reads no more
                there.sendall(b"x")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()


def test_a_killed_worker_loses_nothing(cluster, tmp_path):
    killed = []

    def kill_once(pid, seed):
        # in the midst of a task: its first mask is made, its figures are not
        if not killed and len(listener.calls) == 3:
            killed.append((pid, seed))
            os.kill(pid, signal.SIGKILL)

    with Client(cluster, set_as_default=False) as client, Listener(kill_once) as listener:
        workers = set(client.run(os.getpid).values())
        assert len(workers) == 2
        names = {name: CONFIGS[name] for name in ("plain", "spectral")}
        table = bluegrad.sweep(names, range(6), tmp_path, figures=with_port(listener.port), client=client, seeds_per_task=3)
    ((pid, seed),) = killed
    assert pid in workers
    # the seed was begun again by another process
    again = {other for other, called in listener.calls if called == seed} - {pid}
    assert again
    check(table, names, range(6))
    assert len(list(tmp_path.iterdir())) == 4 and table.num_rows == 12


def test_pandas_and_duckdb_read_the_folder(cluster, tmp_path):
    table = bluegrad.sweep(CONFIGS, [0, 2**64 - 1], tmp_path / "new" / "folder", client=cluster.scheduler_address)
    check(table, CONFIGS, [0, 2**64 - 1])
    folder = tmp_path / "new" / "folder"
    frame = pandas.read_parquet(folder).sort_values(["name", "seed"], ignore_index=True)
    wanted = table.to_pandas()
    pandas.testing.assert_frame_equal(frame[wanted.columns], wanted)
    columns = "name, seed, sha256, list_extract(low_power_db, 2), config->>'$.recipe.stages[0].stage'"
    rows = duckdb.sql(f"SELECT {columns} FROM '{folder}/*.parquet' ORDER BY name, seed").fetchall()
    assert len(rows) == 8
    for row, ours in zip(rows, table.to_pylist()):
        assert row[:3] == (ours["name"], ours["seed"], ours["sha256"])
        assert row[3] == (None if ours["name"] == "layers" else ours["low_power_db"][1])
        assert (ours["each_channel.0.peak_mean"] is not None) == (ours["name"] == "layers")
        assert row[4] == json.loads(ours["config"])["recipe"]["stages"][0]["stage"]


def test_figures_are_those_of_measure(cluster, tmp_path):
    with Client(cluster, set_as_default=False) as client:
        table = bluegrad.sweep({"plain": {"size": 32}}, [5], tmp_path, client=client)
    (row,) = table.to_pylist()
    measured = bluegrad.measure(bluegrad.generate(32, seed=5, dtype=np.uint32))
    assert row["low_power_db"] == measured["low_power_db"]
    assert row["patterns.peak_worst"] == measured["patterns"]["peak_worst"]
    assert row["seconds"] > 0 and row["algorithm_version"] == bluegrad.ALGORITHM_VERSION


def test_a_stopped_sweep_goes_on(cluster, tmp_path):
    names = {"plain": CONFIGS["plain"]}

    def stop_at_four(ranks, config):
        if config.seed == 4:
            raise OSError("stopped")
        return {"corner": float(ranks.flat[0])}

    with Client(cluster, set_as_default=False) as client:
        with pytest.raises(OSError, match="stopped"):
            bluegrad.sweep(names, range(6), tmp_path, figures=stop_at_four, client=client, seeds_per_task=1)
        (tmp_path / "left.1.draft").write_bytes(b"half a file")
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        computed = bluegrad.sweep(
            names, [9], tmp_path, figures=lambda ranks, config: {"corner": float(ranks.flat[0])}, client=client
        )
        table = bluegrad.sweep(
            names, range(6), tmp_path, figures=lambda ranks, config: {"corner": float(ranks.flat[0])}, client=client
        )
        assert all(path.read_bytes() == data for path, data in before.items())
        check(table, names, range(6))
        check(computed, names, [9])
        # nothing is left to do, so no worker is asked
        client.close()
        check(bluegrad.sweep(names, range(6), tmp_path, figures=lambda *_: 1 / 0, client=client), names, range(6))


def test_a_cluster_of_its_own(tmp_path):
    check(bluegrad.sweep({"plain": CONFIGS["plain"]}, [1], tmp_path, figures=[]), ["plain"], [1])


@pytest.mark.parametrize(
    ("error", "says", "arguments"),
    [
        (ValueError, "bad: size 7x7", ({"bad": {"size": 7}}, [0])),
        (TypeError, "bad: blur", ({"bad": {"size": 8, "blur": 1}}, [0])),
        (ValueError, "seed is -1", ({"plain": {"size": 8}}, [-1])),
        (ValueError, "a configuration and a seed", ({}, [0])),
        (ValueError, "the same configuration", ({"a": {"size": 8}, "b": {"size": 8, "seed": 4}}, [0])),
    ],
)
def test_refused(tmp_path, error, says, arguments):
    with pytest.raises(error, match=says):
        bluegrad.sweep(*arguments, tmp_path)
    assert not any(tmp_path.iterdir())


def test_folders_of_others_are_refused(cluster, tmp_path):
    with Client(cluster, set_as_default=False) as client:
        plain = {"plain": {"size": 8}}
        bluegrad.sweep(plain, [0], tmp_path, figures=[], client=client)
        with pytest.raises(ValueError, match="other figures"):
            bluegrad.sweep(plain, [0], tmp_path, client=client)
        with pytest.raises(ValueError, match="no number and no list"):
            bluegrad.sweep(plain, [0], tmp_path / "x", figures=["patterns.peek"], client=client)
        with pytest.raises(TypeError, match="sequence of paths"):
            bluegrad.sweep(plain, [0], tmp_path / "y", figures="patterns", client=client)
        (tmp_path / "other.parquet").write_bytes(b"no Parquet")
        with pytest.raises(ValueError, match="no file of a sweep"):
            bluegrad.sweep(plain, [0], tmp_path, figures=[], client=client)
