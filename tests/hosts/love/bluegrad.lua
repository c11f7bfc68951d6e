-- Tileable blue-noise masks: bluegrad's C library through LuaJIT's ffi. Its header is read as it is.
--
--   local bluegrad = require("bluegrad").load("bluegrad.h", "libbluegrad.so")
--   local run = bluegrad.run { preset = "dither", width = 64, height = 64, seed = 7 }
--   repeat until run:step().done        -- a slice of steps a frame
--   local texture = love.graphics.newImage(run:image())
local bit = require("bit")
local ffi = require("ffi")

local ALIGN = 64
local library
local M, Run = { constants = {} }, {}
Run.__index = Run

-- The declarations are what remains without the lines of the preprocessor; its numbers go to `constants`.
local function declarations(header)
  local plain = {}
  for line in header:gsub("#ifdef __cplusplus.-#endif[^\n]*", ""):gmatch("[^\n]+") do
    local name, number = line:match("^#define BLUEGRAD_(%S+) (-?%d+)$")
    if name then
      M.constants[name] = tonumber(number)
    elseif not line:find("^#") then
      line = line:gsub("^BLUEGRAD_API", ""):gsub("BLUEGRAD_ENUM%((%S+)%)", "typedef uint32_t %1; enum %1")
      plain[#plain + 1] = line:gsub("BLUEGRAD_(%u[%u_%d]*)", M.constants)
    end
  end
  return table.concat(plain, "\n")
end

-- Raises what the library says of a status that is not 0.
local function check(status)
  if status ~= 0 then
    error(ffi.string(library.bluegrad_status_string(status)), 3)
  end
end

-- Loads the library, once, by the header that it was made with.
function M.load(header, path)
  if not library then
    local file = assert(io.open(header))
    ffi.cdef(declarations(file:read("*a")))
    file:close()
    library = ffi.load(path)
    -- while the major number is 0 both numbers count
    assert(math.floor(library.bluegrad_version() / 256) == math.floor(M.constants.VERSION / 256), "another version's bluegrad.h")
    M.library = library
  end
  return M
end

-- A run in memory of its own. options: preset, width, height, seed (a number or a cdata of 64 bits).
function M.run(options)
  local preset = ffi.new("bluegrad_preset[1]")
  check(library.bluegrad_preset_by_name(options.preset or "dither", preset))
  local config = ffi.new("bluegrad_config")
  check(library.bluegrad_config_default(config, ffi.sizeof(config), preset[0], options.width, options.height))
  config.seed = options.seed or 0
  local text = ffi.new("char[128]")
  if library.bluegrad_config_check(config, text, ffi.sizeof(text)) ~= 0 then
    error(ffi.string(text), 2)
  end
  local size = tonumber(library.bluegrad_memory_size(config))
  -- Lua's memory stays where it is; the first whole line of it
  local block = ffi.new("uint8_t[?]", size + ALIGN)
  local memory = block + tonumber(bit.band(-ffi.cast("intptr_t", block), ALIGN - 1))
  local generator = ffi.new("bluegrad_generator *[1]")
  check(library.bluegrad_init(memory, size, config, generator))
  return setmetatable({
    width = options.width,
    height = options.height,
    config = config,
    block = block, -- holds the run: as long as the table lives
    generator = generator[0],
    report = ffi.new("bluegrad_report"),
  }, Run)
end

-- Does up to so many steps, 1 by default; 0 does nothing but report.
function Run:step(steps)
  check(library.bluegrad_step(self.generator, steps or 1, nil, self.report))
  return self.report
end

local stages = { "SPECTRAL", "FILL", "VOID_AND_CLUSTER", "FRONT", "POLISH", "SWAP" }

-- What the last step belonged to, in words.
function Run:stage()
  if self.report.stage >= self.config.stage_count then
    return "ranks"
  end
  local kind = self.config.stages[self.report.stage].kind
  for _, name in ipairs(stages) do
    if library["BLUEGRAD_STAGE_KIND_" .. name] == kind then
      return name:lower():gsub("_", "-")
    end
  end
  return "stage " .. kind
end

local function pixels(self, type)
  return ffi.new(type .. "[?]", self.width * self.height)
end

-- The ranks of the finished mask, each of 0 to width*height - 1 once, as a C array from 0.
function Run:ranks()
  local to = pixels(self, "uint32_t")
  check(library.bluegrad_read_ranks(self.generator, to, ffi.sizeof(to), nil))
  return to
end

-- The finished mask as the 8-bit texels of bluegrad_dither, as a C array from 0.
function Run:texels()
  local to = pixels(self, "uint8_t")
  check(library.bluegrad_read_dither_texels(self.generator, to, ffi.sizeof(to), nil))
  return to
end

-- The same as LÖVE's ImageData of one channel.
function Run:image()
  local image = love.image.newImageData(self.width, self.height, "r8")
  check(library.bluegrad_read_dither_texels(self.generator, image:getFFIPointer(), image:getSize(), nil))
  return image
end

-- The present values from 0 to 1, done or not, into an ImageData of format r32f.
function Run:draft(image)
  local to = ffi.cast("float *", image:getFFIPointer())
  check(library.bluegrad_read_values(self.generator, to, image:getSize(), nil))
  for i = 0, self.width * self.height - 1 do
    to[i] = 0.5 + 0.5 * to[i]
  end
end

-- Rows of 8-bit greys to two levels by texels, on the CPU: from and to are C arrays of columns*rows bytes.
function M.dither(texels, width, height, from, to, columns, rows)
  local dither = ffi.new("bluegrad_dither")
  check(library.bluegrad_dither_default(dither, ffi.sizeof(dither), texels, width, height, 2))
  dither.sink = library.BLUEGRAD_SINK_VALUES
  check(library.bluegrad_dither_rows(dither, 0, rows, from, columns, to, columns * rows))
end

return M
