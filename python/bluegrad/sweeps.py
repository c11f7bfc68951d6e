"""Many masks: configurations times seeds on Dask's scheduler, results in Parquet."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._config import Config, config, config_parts, whole
from ._generator import Generator
from ._measure import measure
from .records import DistributionKind

if TYPE_CHECKING:
    import pyarrow
    from distributed import Client

FIGURES = (
    "low_power_db", "patterns.hvs_error_mean_db", "patterns.low_frequency_db", "patterns.peak_mean", "patterns.peak_worst",
    "each_channel.0.space_db", "each_channel.0.time_db", "each_channel.0.accumulated_db", "each_channel.0.peak_mean",
)  # fmt: skip
"""Figures by default, as paths into the result of `measure`: of flat masks, and of masks with layers or channels."""

Figures: TypeAlias = "Sequence[str] | Callable[[NDArray[np.uint32], Config], Mapping[str, float | Sequence[float]]]"

_OWN = ("name", "key", "config", "algorithm_version", "seed", "sha256", "seconds")
"""Columns before those of the figures."""


def sweep(
    configs: Mapping[str, Config | Mapping[str, Any]],
    seeds: Iterable[int],
    folder: str | os.PathLike[str],
    *,
    figures: Figures = FIGURES,
    client: Client | str | None = None,
    seeds_per_task: int = 8,
) -> pyarrow.Table:
    """Makes and measures each configuration with each seed, and returns a table with a row for each mask.

    configs: configurations by name, each a `Config` or the arguments of `config`, such as {"size": 64, "sigma": 1.7}. Their own
        seeds do not count.
    seeds: 0 to 2**64 - 1.
    folder: gets a Parquet file for each finished task. Masks that are there already are not made again: a sweep that was stopped
        goes on. Read all with `pandas.read_parquet(folder)`, or in DuckDB `FROM 'folder/*.parquet'`.
    figures: paths into the result of `measure` of the values in their distribution, null where a mask of that kind has no such
        figure; or a function of the ranks, `uint32` in the shape of the mask, and the configuration, which returns numbers or
        lists of numbers by name.
    client: a Dask client, the address of a scheduler, or None for a cluster of this machine, a process for each core.
    seeds_per_task: seeds of one task, which a worker that dies takes with it; another worker does the task again.

    Columns: name, key (configuration and algorithm version, hashed), config (JSON), algorithm_version, seed, sha256 (of the ranks
    as little-endian 32-bit words), seconds (to make the mask, on its worker), and the figures. All but the time are the same
    wherever and however often a sweep runs.

    Raises `ValueError` if the folder holds a sweep with other figures or of another algorithm version, and what a task raised;
    tasks that ended before are in the folder. Needs `pip install bluegrad[sweep]`.
    """
    wanted = {name: _config_of(name, given) for name, given in configs.items()}
    numbers = sorted({whole("seed", seed, 0, 2**64 - 1) for seed in seeds})
    seeds_per_task = whole("seeds_per_task", seeds_per_task, 1, 2**32)
    if not callable(figures):
        if isinstance(figures, str):
            raise TypeError(f"figures is {figures!r}: it must be a sequence of paths, or a function")
        figures = tuple(figures)
        _kinds(figures)
    keys = {name: _key(made) for name, made in wanted.items()}
    if len(set(keys.values())) < len(keys):
        twice = next(name for name in keys if list(keys.values()).count(keys[name]) > 1)
        raise ValueError(f"{twice}: another name has the same configuration")
    try:
        import pyarrow  # noqa: F401
        from distributed import Client, LocalCluster, as_completed
    except ImportError as error:
        raise ImportError(f"{error}: a sweep needs `pip install bluegrad[sweep]`") from None

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    done = _done(folder, figures)
    tasks = []
    for name, made in wanted.items():
        missing = [seed for seed in numbers if (keys[name], seed) not in done]
        parts = [missing[i : i + seeds_per_task] for i in range(0, len(missing), seeds_per_task)]
        tasks += [(name, keys[name], made, part, figures) for part in parts]
    if tasks:
        with _Cluster(client, Client, LocalCluster) as chosen:
            futures = [chosen.submit(_task, *task, pure=False) for task in tasks]
            try:
                for future in as_completed(futures, loop=chosen.loop):  # type: ignore[no-untyped-call]
                    _write(folder, future.result(), figures)
                    future.release()
            finally:
                chosen.cancel(futures)
    return _read(folder, set(keys.values()), set(numbers))


class _Cluster:
    """A client: the caller's, which stays open, or one that is closed at the end."""

    def __init__(self, client: Any, client_type: Any, cluster_type: Any) -> None:
        self.given = client if isinstance(client, client_type) else None
        self.cluster = None
        if client is None:
            self.cluster = cluster_type(n_workers=os.cpu_count(), threads_per_worker=1, processes=True, dashboard_address=":0")
        self.client = self.given or client_type(self.cluster or client, set_as_default=False)

    def __enter__(self) -> Any:
        return self.client

    def __exit__(self, *_: object) -> None:
        if self.given is None:
            self.client.close()
        if self.cluster is not None:
            self.cluster.close()


def _config_of(name: str, given: Config | Mapping[str, Any]) -> Config:
    try:
        made = given if isinstance(given, Config) else config(**given)
        # whatever the core refuses is refused here, before anything is computed
        _native.check(config_parts(made))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None
    return dataclasses.replace(made, seed=0)


def _json(made: Config) -> str:
    """A configuration as JSON, without seed and SIMD level, on which no byte depends."""

    def plain(value: Any) -> Any:
        if isinstance(value, IntEnum):
            return value.name.lower()
        if dataclasses.is_dataclass(value):
            fields = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
            kind = getattr(type(value), "kind", None)
            return {"stage": type(value).__name__, **fields} if isinstance(kind, IntEnum) and "kind" not in fields else fields
        return [plain(part) for part in value] if isinstance(value, tuple) else value

    data = plain(made)
    del data["seed"], data["level"]
    return json.dumps(data)


def _key(made: Config) -> str:
    return hashlib.sha256(f"{_native.ALGORITHM_VERSION} {_json(made)}".encode()).hexdigest()[:16]


def _task(name: str, key: str, made: Config, seeds: list[int], figures: Figures) -> list[dict[str, Any]]:
    """The rows of some seeds, on a worker."""
    rows = []
    for seed in seeds:
        one = dataclasses.replace(made, seed=seed)
        start = time.perf_counter()
        generator = Generator(one)
        generator.run(threads=1)
        ranks = generator.mask(np.uint32)
        seconds = time.perf_counter() - start
        row = {"name": name, "key": key, "config": _json(made), "algorithm_version": _native.ALGORITHM_VERSION, "seed": seed}
        row |= {"sha256": hashlib.sha256(ranks.astype("<u4").tobytes()).hexdigest(), "seconds": seconds}
        rows.append(row | _figures(generator, ranks, one, figures))
    return rows


def _figures(generator: Generator, ranks: NDArray[np.uint32], made: Config, figures: Figures) -> dict[str, Any]:
    if callable(figures):
        found = dict(figures(ranks, made))
        return {name: np.asarray(value, np.float64).tolist() for name, value in found.items()}
    if not figures:
        return {}
    # the spectrum is that of the values, the patterns have the order alone
    uniform = made.distribution.kind == DistributionKind.UNIFORM
    values = ranks if uniform else generator.mask(np.float32, range="signed")
    measured = measure(values, channels=made.shape.layers == 1 and made.shape.channels > 1)
    return {path: _at(measured, path) for path in figures}


def _at(measured: Any, path: str) -> Any:
    """The number or list of numbers at a path; None if there is none."""
    for name in path.split("."):
        if isinstance(measured, list) and name.isdigit() and int(name) < len(measured):
            measured = measured[int(name)]
        elif isinstance(measured, dict) and name in measured:
            measured = measured[name]
        else:
            return None
    return measured


@functools.cache
def _samples() -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures of a flat mask and of one with layers and channels: what there is, and what is a list."""
    return measure(np.arange(256).reshape(16, 16)), measure(np.arange(1024).reshape(2, 16, 16, 2))


def _kinds(paths: Iterable[str]) -> dict[str, bool]:
    """Whether each path has a list."""
    kinds = {}
    for path in paths:
        found = next((value for sample in _samples() if (value := _at(sample, path)) is not None), None)
        numbers = found if isinstance(found, list) else [found]
        # a list has a null where a small mask has no bin
        if found is None or not all(number is None or isinstance(number, (int, float)) for number in numbers):
            there = "; ".join(", ".join(sample) for sample in _samples())
            raise ValueError(f"figure {path!r}: no number and no list of numbers of `measure`, which has {there}")
        kinds[path] = isinstance(found, list)
    return kinds


def _schema(rows: list[dict[str, Any]], figures: Figures) -> pyarrow.Schema:
    """The same for every file, so that all are one table to any reader."""
    import pyarrow

    own = {"algorithm_version": pyarrow.uint32(), "seed": pyarrow.uint64(), "seconds": pyarrow.float64()}
    fields = [(name, own.get(name, pyarrow.string())) for name in _OWN]
    if callable(figures):
        kinds = {name: isinstance(value, list) for name, value in rows[0].items() if name not in _OWN}
    else:
        kinds = _kinds(figures)
    numbers = pyarrow.float64()
    fields += [(name, pyarrow.list_(numbers) if several else numbers) for name, several in kinds.items()]
    return pyarrow.schema(fields)


def _write(folder: Path, rows: list[dict[str, Any]], figures: Figures) -> None:
    """A file that is there whole or not at all. Each mask is in one file, so its name is of no other."""
    import pyarrow
    from pyarrow import parquet

    metadata = {"bluegrad.figures": "function" if callable(figures) else json.dumps(figures)}
    table = pyarrow.Table.from_pylist(rows, schema=_schema(rows, figures)).replace_schema_metadata(metadata)
    path = folder / f"{rows[0]['key']}-{rows[0]['seed']}.parquet"
    # a name that no reader of *.parquet takes
    draft = path.with_suffix(f".{os.getpid()}.draft")
    parquet.write_table(table, draft)
    os.replace(draft, path)


def _done(folder: Path, figures: Figures) -> set[tuple[str, int]]:
    """Keys and seeds of the masks of a folder."""
    from pyarrow import parquet

    done = set()
    for path in sorted(folder.glob("*.parquet")):
        try:
            table = parquet.read_table(path, columns=["key", "seed", "algorithm_version"], partitioning=None)
            metadata = parquet.read_metadata(path).metadata or {}
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{path}: no file of a sweep: {str(error).splitlines()[0]}") from None
        own = json.loads(b"null" if (text := metadata.get(b"bluegrad.figures", b"null")) == b"function" else text)
        if own != (None if callable(figures) else list(figures)):
            raise ValueError(f"{path}: a sweep with other figures; choose another folder")
        versions = set(table["algorithm_version"].to_pylist()) - {_native.ALGORITHM_VERSION}
        if versions:
            raise ValueError(
                f"{path}: made by algorithm version {versions.pop()}, this is {_native.ALGORITHM_VERSION}; choose another folder"
            )
        done |= set(zip(table["key"].to_pylist(), table["seed"].to_pylist()))
    return done


def _read(folder: Path, keys: set[str], seeds: set[int]) -> pyarrow.Table:
    """The rows that were asked for, in the order of names and seeds."""
    import pyarrow
    from pyarrow import parquet

    tables = [parquet.read_table(path, partitioning=None) for path in sorted(folder.glob("*.parquet"))]
    if not tables:
        raise ValueError("a sweep wants a configuration and a seed")
    table = pyarrow.concat_tables(tables, promote_options="default").replace_schema_metadata(None)
    asked = [key in keys and seed in seeds for key, seed in zip(table["key"].to_pylist(), table["seed"].to_pylist())]
    return table.filter(pyarrow.array(asked)).sort_by([("name", "ascending"), ("seed", "ascending")])
