"""The 64x64 `dither` mask of seed 7 by the C ABI in wasmtime: `python mask.py bluegrad.wasm` prints its level and hash."""

import sys

from wasmtime import Instance, Module, Store

SIDE = 64
# sizeof(bluegrad_config), and where its seed is: the same as in C on any machine.
CONFIG_SIZE, SEED = 2984, 24
DITHER = 0

store = Store()
exports = Instance(store, Module.from_file(store.engine, sys.argv[1]), []).exports(store)
memory = exports["memory"]
free = exports["__heap_base"].value(store)


def call(name, *arguments):
    return exports["bluegrad_" + name](store, *arguments)


def room(size):
    """An address past all that the module has of its own."""
    global free
    start = (free + 63) & ~63
    free = start + size
    missing = free - memory.data_len(store)
    if missing > 0:
        memory.grow(store, -(-missing // 65536))
    return start


def text(pointer):
    return bytes(memory.read(store, pointer, pointer + 200)).split(b"\0")[0].decode()


def check(status):
    if status != 0:
        sys.exit(text(call("status_string", status)))


config = room(CONFIG_SIZE)
check(call("config_default", config, CONFIG_SIZE, DITHER, SIDE, SIDE))
memory.write(store, (7).to_bytes(8, "little"), config + SEED)
size = call("memory_size", config)
block, out = room(size), room(4)
check(call("init", block, size, config, out))
generator = int.from_bytes(memory.read(store, out, out + 4), "little")
check(call("step", generator, -1, 0, 0))
ranks = room(4 * SIDE * SIDE)
check(call("read_ranks", generator, ranks, 4 * SIDE * SIDE, 0))

total = 0xCBF29CE484222325
for byte in memory.read(store, ranks, ranks + 4 * SIDE * SIDE):
    total = (total ^ byte) * 0x100000001B3 % 2**64
print(f"{text(call('simd_level'))} {total:016x}")
