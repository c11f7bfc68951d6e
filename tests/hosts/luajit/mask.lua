-- LuaJIT: the 64x64 `dither` mask of seed 7, a step at a time as a game would. `luajit mask.lua DECLARATIONS LIBRARY`: the declarations are
-- bluegrad.h without its preprocessor lines (cc -E -P).
local ffi = require("ffi")
local bit = require("bit")

local declarations = assert(io.open(arg[1])):read("*a")
ffi.cdef(declarations)
local bluegrad = ffi.load(arg[2])

local function check(status)
  if status ~= 0 then
    error(ffi.string(bluegrad.bluegrad_status_string(status)))
  end
end

local preset = ffi.new("bluegrad_preset[1]")
check(bluegrad.bluegrad_preset_by_name("dither", preset))
local config = ffi.new("bluegrad_config")
check(bluegrad.bluegrad_config_default(config, ffi.sizeof(config), preset[0], 64, 64))
config.seed = 7
local size = tonumber(bluegrad.bluegrad_memory_size(config))
local block = ffi.new("uint8_t[?]", size + 64)
local address = ffi.cast("uintptr_t", block)
local memory = block + tonumber((64 - address % 64) % 64)

local generator = ffi.new("bluegrad_generator *[1]")
local report = ffi.new("bluegrad_report")
assert(not pcall(check, bluegrad.bluegrad_init(memory, size - 1, config, generator)))
check(bluegrad.bluegrad_init(memory, size, config, generator))
repeat
  check(bluegrad.bluegrad_step(generator[0], 1, nil, report))
until report.done

local ranks = ffi.new("uint32_t[?]", 64 * 64)
check(bluegrad.bluegrad_read_ranks(generator[0], ranks, ffi.sizeof(ranks), nil))
local hash = 0xcbf29ce484222325ULL
for i = 0, 64 * 64 - 1 do
  for shift = 0, 24, 8 do
    hash = bit.bxor(hash, bit.band(bit.rshift(ranks[i], shift), 0xff) + 0ULL) * 0x100000001b3ULL
  end
end
print(bit.tohex(hash))
