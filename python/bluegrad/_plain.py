"""Plain data of the core, as bytes and back: 32-bit words in the order of the fields."""

import operator
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, TypeAlias, TypeVar

FLOAT = "f"
WORD = "I"


@dataclass(frozen=True)
class Array:
    """Elements of one kind. A counted array holds up to `length`, zeros after them, then their number."""

    element: "Element"
    length: int
    counted: bool = False


Element: TypeAlias = "type[IntEnum | Plain] | str"
Layout: TypeAlias = "tuple[tuple[str, Element | Array], ...]"
T = TypeVar("T", bound="Plain")


class Plain:
    """Plain data. Make a changed copy with `dataclasses.replace`."""

    layout: ClassVar[Layout]

    def __bytes__(self) -> bytes:
        """The core's form: the words of all fields."""
        return b"".join(_write(f"{type(self).__name__}.{name}", kind, getattr(self, name)) for name, kind in self.layout)

    @classmethod
    def from_bytes(cls: type[T], data: bytes) -> T:
        """Data from the core's form."""
        made: T = _read(cls, data, 0)[0]
        return made


class Stage(Plain):
    """A stage of a recipe."""

    kind: ClassVar[int]


def _size(kind: "Element | Array") -> int:
    if isinstance(kind, Array):
        return kind.length * _size(kind.element) + 4 * kind.counted
    if isinstance(kind, str) or issubclass(kind, IntEnum):
        return 4
    return sum(_size(field) for _, field in kind.layout)


def _write(name: str, kind: "Element | Array", value: Any) -> bytes:
    if isinstance(kind, Array):
        values = tuple(value)
        if len(values) > kind.length or (len(values) < kind.length and not kind.counted):
            most = "at most " if kind.counted else ""
            raise ValueError(f"{name} has {len(values)} elements: it must have {most}{kind.length}")
        data = b"".join(_write(name, kind.element, value) for value in values)
        data += bytes((kind.length - len(values)) * _size(kind.element))
        return data + struct.pack("=I", len(values)) if kind.counted else data
    if kind == FLOAT:
        try:
            return struct.pack("=f", value)
        except OverflowError:
            raise ValueError(f"{name} is {value}: it must fit a 32-bit float") from None
        except struct.error:
            raise TypeError(f"{name} is {value!r}: it must be a number") from None
    if kind == WORD or (isinstance(kind, type) and issubclass(kind, IntEnum)):
        try:
            word = operator.index(value)
        except TypeError:
            raise TypeError(f"{name} is {value!r}: it must be a whole number") from None
        if not 0 <= word < 1 << 32:
            raise ValueError(f"{name} is {word}: it must be from 0 to 4294967295")
        return struct.pack("=I", word)
    if not isinstance(value, kind):  # type: ignore[arg-type]
        raise TypeError(f"{name} is {value!r}: it must be a {kind.__name__}")  # type: ignore[union-attr]
    return bytes(value)


def _shortest(value: float) -> float:
    """The number with the fewest digits that is the same 32-bit float."""
    for digits in range(6, 10):
        short = float(f"{value:.{digits}g}")
        if struct.pack("=f", short) == struct.pack("=f", value):
            return short
    return value


def _read(kind: "Element | Array", data: bytes, at: int) -> tuple[Any, int]:
    """The value at an offset, and the offset after it."""
    if isinstance(kind, Array):
        values, after = [], at
        for _ in range(kind.length):
            value, after = _read(kind.element, data, after)
            values.append(value)
        if not kind.counted:
            return tuple(values), after
        count, after = _read(WORD, data, after)
        return tuple(values[:count]), after
    if isinstance(kind, str):
        (value,) = struct.unpack_from("=" + kind, data, at)
        return _shortest(value) if kind == FLOAT else value, at + 4
    if issubclass(kind, IntEnum):
        (value,) = struct.unpack_from("=I", data, at)
        return kind(value), at + 4
    fields = {}
    for name, field in kind.layout:
        fields[name], at = _read(field, data, at)
    return kind(**fields), at
