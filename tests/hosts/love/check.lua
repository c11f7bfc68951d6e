-- The game checks itself: `love . --check DIRECTORY` makes the mask again and again, each time in slices of frames, leaves
-- progress.png and result.png in the directory, compares the times of the steps and the pixels of the screen with what they must be,
-- and ends, with 0 if all is well.
local bit = require("bit")
local ffi = require("ffi")

local REPEATS = 25
-- The promise, seconds.
local MOST, ALL = 0.001, 0.002

-- Seconds of all calls, and of the calls of each step.
local wall, steps = {}, {}, {}
local failed = false

local function say(...)
  print(string.format(...))
  io.stdout:flush()
end

local function verify(right, ...)
  say("%s: %s", right and "ok" or "FAILED", string.format(...))
  failed = failed or not right
end

local function percentile(sorted, part)
  return 1000 * sorted[math.max(1, math.ceil(part * #sorted))]
end

local function percentiles(what, times)
  table.sort(times)
  say("times: %s: median %.3f, 95 %% %.3f, 99 %% %.3f, longest %.3f ms of %d", what, percentile(times, 0.5), percentile(times, 0.95),
    percentile(times, 0.99), percentile(times, 1), #times)
end

-- A step that takes long once and not another time was not on the CPU for all of it: other programs run too. So what the core itself
-- needs for a step is the median of the repetitions, with frames drawn between them; but 95 % of the calls must keep to their time as
-- they came.
local function checkTimes()
  local own, slowest = {}, 1
  for step, times in ipairs(steps) do
    table.sort(times)
    own[step] = times[math.ceil(#times / 2)]
    slowest = own[step] > own[slowest] and step or slowest
  end
  local worst = own[slowest]
  percentiles("calls of bluegrad_step, as they came", wall)
  percentiles("each step's median", own)
  say("times: the slowest step is %d of %d, %s, %.3f ms", slowest, #own, steps[slowest].stage, 1000 * worst)
  verify(percentile(wall, 0.95) < 1000 * MOST, "95 %% of the calls take less than %g ms", 1000 * MOST)
  verify(worst <= ALL, "no step of the core's takes more than %g ms", 1000 * ALL)
end

local function fnv1a(ranks, count)
  local hash = 0xcbf29ce484222325ULL
  for i = 0, count - 1 do
    for shift = 0, 24, 8 do
      hash = bit.bxor(hash, bit.band(bit.rshift(ranks[i], shift), 0xff) + 0ULL) * 0x100000001b3ULL
    end
  end
  return bit.tohex(hash)
end

-- The greys that were dithered: the picture as the canvas has it, black and the ramp as they must be.
local function greys(game)
  local canvas = game.scene:newImageData()
  local from = ffi.new("uint8_t[?]", game.width * game.height)
  local seen, kinds, sum = {}, 0, 0
  for y = 0, game.picture - 1 do
    for x = 0, game.width - 1 do
      local grey = math.floor(255 * canvas:getPixel(x, y) + 0.5)
      from[y * game.width + x] = grey
      sum = sum + grey
      if not seen[grey] then
        seen[grey], kinds = true, kinds + 1
      end
    end
  end
  local mean = sum / (game.width * game.picture)
  verify(kinds > 150 and mean > 60 and mean < 180, "the picture has %d greys, %.1f in the mean", kinds, mean)
  for y = game.height - game.ramp, game.height - 1 do
    for x = 0, game.width - 1 do
      from[y * game.width + x] = game.rampGrey(x)
    end
  end
  return from
end

-- The pixels of the screen: 1 where the whole block of one pixel of the scene is white, 0 where it is black, -1 for anything else.
local function dots(game, screen, x, y)
  local first
  for j = 0, game.scale - 1 do
    for i = 0, game.scale - 1 do
      local r, g, b = screen:getPixel(game.scale * x + i, game.scale * y + j)
      first = first or r
      if r ~= g or r ~= b or r ~= first or (r ~= 0 and r ~= 1) then
        return -1
      end
    end
  end
  return first
end

local function checkPixels(game, bluegrad, screen)
  local from, width, rows = greys(game), game.width, game.height
  local to = ffi.new("uint8_t[?]", width * rows)
  bluegrad.dither(game.run:texels(), game.side, game.side, from, to, width, rows)
  local odd, wrong, columns = 0, 0, {}
  for y = 0, rows - 1 do
    for x = 0, width - 1 do
      local dot = dots(game, screen, x, y)
      odd = odd + (dot < 0 and 1 or 0)
      wrong = wrong + (255 * dot ~= to[y * width + x] and 1 or 0)
      if y >= rows - game.ramp then
        columns[x] = (columns[x] or 0) + dot / game.ramp
      end
    end
  end
  verify(odd == 0, "%d pixels neither black nor white", odd)
  verify(wrong == 0, "%d of %d pixels not those of bluegrad_dither_rows", wrong, width * rows)

  -- The mean over 40 columns at a time grows as the ramp's does.
  local band, last, off, grows = 40, -1, 0, true
  for left = 0, width - band, band do
    local mean, wanted = 0, 0
    for x = left, left + band - 1 do
      mean, wanted = mean + columns[x] / band, wanted + game.rampGrey(x) / 255 / band
    end
    off = math.max(off, math.abs(mean - wanted))
    grows, last = grows and mean > last, mean
  end
  verify(grows and off < 0.01, "the ramp's mean grows along it and is off by at most %.4f", off)
end

local function save(directory, name, screen)
  local file = assert(io.open(directory .. "/" .. name, "wb"))
  file:write(screen:encode("png"):getString())
  file:close()
end

-- In place of LÖVE's blue screen, which waits for somebody to read it.
function love.errorhandler(message)
  say("FAILED: %s", debug.traceback(tostring(message), 2))
  return function()
    return 1
  end
end

return function(game, bluegrad, directory)
  local round, shot = 1, false
  game.still = true

  function game.onStep(report, seconds)
    wall[#wall + 1] = seconds
    local times = steps[report.step] or { stage = game.run:stage() }
    times[#times + 1] = seconds
    steps[report.step] = times
  end

  local draw = love.draw
  function love.draw()
    draw()
    local report = game.run.report
    if not shot and report.step > 0.6 * report.steps and not report.done then
      shot = true
      love.graphics.captureScreenshot(function(screen)
        save(directory, "progress.png", screen)
      end)
    elseif game.mask and round < REPEATS then
      round = round + 1
      game.begin()
    elseif game.mask and round == REPEATS then
      round = round + 1
      love.graphics.captureScreenshot(function(screen)
        save(directory, "result.png", screen)
        say("hash: %s", fnv1a(game.run:ranks(), game.side * game.side))
        verify(shot and game.frames > 1, "the mask came in %d frames", game.frames)
        local made, why = pcall(bluegrad.run, { width = 7, height = 64 })
        verify(not made and why:find("from 8 to 4096"), "a mask 7 pixels wide is refused: %s", why)
        checkTimes()
        checkPixels(game, bluegrad, screen)
        love.event.quit(failed and 1 or 0)
      end)
    end
  end
end
