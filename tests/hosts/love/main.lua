-- A blue-noise mask made while the game runs, a slice of each frame, and then a scene in black and white by it.
--
--   love tests/hosts/love [--check DIRECTORY]
--
-- BLUEGRAD_PREFIX: where ffi/build left the library; else header and library are looked for beside the game. --check: see check.lua.
local SIDE, SEED = 64, 7
-- Seconds of a frame that go to the mask: so little that one sees it come about.
local BUDGET = 0.0002
-- The scene: rows of a picture, of black, and of a ramp of greys; and how large a pixel of it is on the screen.
local WIDTH, PICTURE, GAP, RAMP, SCALE = 800, 474, 6, 44, 1
local HEIGHT = PICTURE + GAP + RAMP

local game = { width = WIDTH, height = HEIGHT, picture = PICTURE, ramp = RAMP, scale = SCALE, side = SIDE, time = 0 }
local bluegrad, small, large, sceneShader, ditherShader, greyShader, greyQuad, draft, draftImage, blank, rampImage

local function loadLibrary()
  local prefix = os.getenv("BLUEGRAD_PREFIX")
  local here = love.filesystem.getSourceBaseDirectory()
  local name = ({ Windows = "bluegrad.dll", ["OS X"] = "libbluegrad.dylib" })[love.system.getOS()] or "libbluegrad.so"
  if prefix then
    return require("bluegrad").load(prefix .. "/include/bluegrad.h", prefix .. "/lib/" .. name)
  end
  return require("bluegrad").load(here .. "/bluegrad.h", here .. "/" .. name)
end

-- Starts, or starts again.
function game.begin()
  game.run = bluegrad.run { preset = "dither", width = SIDE, height = SIDE, seed = SEED }
  game.run:step(0)
  game.frames, game.longest, game.spent, game.mask = 0, 0, 0, nil
end

-- Steps, one by one, until the budget of the frame is spent.
local function slice()
  local start = love.timer.getTime()
  local now = start
  repeat
    local report = game.run:step()
    local after = love.timer.getTime()
    if game.onStep then
      game.onStep(report, after - now)
    end
    game.longest = math.max(game.longest, after - now)
    now = after
  until report.done or now - start >= BUDGET
  game.frames, game.spent = game.frames + 1, game.spent + now - start
  if game.run.report.done then
    game.mask = love.graphics.newImage(game.run:image())
    game.mask:setFilter("nearest", "nearest")
    game.mask:setWrap("repeat", "repeat")
  end
end

-- The ramp's greys, 0 to 255: each column has one.
function game.rampGrey(x)
  return math.floor(255 * x / (WIDTH - 1) + 0.5)
end

local function drawScene()
  love.graphics.setCanvas(game.scene)
  love.graphics.clear(0, 0, 0)
  love.graphics.setShader(sceneShader)
  sceneShader:send("size", { WIDTH, PICTURE })
  sceneShader:send("time", game.time)
  love.graphics.draw(blank, 0, 0, 0, WIDTH, PICTURE)
  love.graphics.setShader()
  love.graphics.draw(rampImage, 0, HEIGHT - RAMP, 0, 1, RAMP)
  love.graphics.setCanvas()
end

local function drawResult()
  drawScene()
  love.graphics.setShader(ditherShader)
  ditherShader:send("mask", game.mask)
  ditherShader:send("maskSize", { SIDE, SIDE })
  ditherShader:send("pictureSize", { WIDTH, HEIGHT })
  love.graphics.draw(game.scene, 0, 0, 0, SCALE, SCALE)
  love.graphics.setShader()

  local top = SCALE * HEIGHT
  love.graphics.setShader(greyShader)
  love.graphics.draw(game.mask, greyQuad, 800 - 3 * SIDE, top)
  love.graphics.setShader()
  love.graphics.setFont(large)
  love.graphics.print("Every grey above is black and white", 16, top + 12)
  love.graphics.setFont(small)
  love.graphics.setColor(0.7, 0.7, 0.7)
  local line = "by a %dx%d mask, made in %d frames while the game ran: %d steps, %.1f ms in all"
  love.graphics.print(line:format(SIDE, SIDE, game.frames, game.run.report.steps, 1000 * game.spent), 16, top + 42)
  love.graphics.setColor(1, 1, 1)
end

local function drawProgress()
  local report, run = game.run.report, game.run
  run:draft(draft)
  draftImage:replacePixels(draft)
  local scale = 6
  local left, top = (800 - scale * SIDE) / 2, 48
  love.graphics.setShader(greyShader)
  love.graphics.draw(draftImage, left, top, 0, scale, scale)
  love.graphics.setShader()

  local bar = { left, top + scale * SIDE + 36, scale * SIDE, 18 }
  love.graphics.rectangle("line", bar[1] - 3, bar[2] - 3, bar[3] + 6, bar[4] + 6)
  love.graphics.rectangle("fill", bar[1], bar[2], bar[3] * report.step / report.steps, bar[4])
  love.graphics.setFont(large)
  love.graphics.printf(("%s, step %d of %d"):format(run:stage(), report.step, report.steps), 0, bar[2] + 34, 800, "center")
  love.graphics.setFont(small)
  love.graphics.setColor(0.7, 0.7, 0.7)
  local line = "a %dx%d mask to dither with, made in slices of %g ms of each frame"
  love.graphics.printf(line:format(SIDE, SIDE, 1000 * BUDGET), 0, bar[2] + 66, 800, "center")
  love.graphics.setColor(1, 1, 1)
end

function love.load(arguments)
  local check = arguments[1] == "--check" and require("check")
  bluegrad = loadLibrary()
  love.graphics.setDefaultFilter("nearest", "nearest")
  small, large = love.graphics.newFont(13), love.graphics.newFont(20)
  sceneShader, ditherShader = love.graphics.newShader("scene.glsl"), love.graphics.newShader("dither.glsl")
  -- textures of one channel are red otherwise
  greyShader = love.graphics.newShader(
    "vec4 effect(vec4 color, Image image, vec2 uv, vec2 screen) { return vec4(Texel(image, uv).rrr, 1.0) * color; }")
  greyQuad = love.graphics.newQuad(0, 0, 3 * SIDE, 600 - SCALE * HEIGHT, SIDE, SIDE)
  game.scene = love.graphics.newCanvas(WIDTH, HEIGHT)
  blank = love.graphics.newImage(love.image.newImageData(1, 1))
  local ramp = love.image.newImageData(WIDTH, 1)
  ramp:mapPixel(function(x)
    local grey = game.rampGrey(x) / 255
    return grey, grey, grey, 1
  end)
  rampImage = love.graphics.newImage(ramp)
  draft = love.image.newImageData(SIDE, SIDE, "r32f")
  draftImage = love.graphics.newImage(draft)
  if check then
    check(game, bluegrad, assert(arguments[2], "--check wants a directory"))
  end
  game.begin()
end

function love.update(seconds)
  if not game.mask then
    slice()
  elseif not game.still then
    game.time = game.time + seconds
  end
end

function love.draw()
  if game.mask then
    drawResult()
  else
    drawProgress()
  end
end

function love.keypressed(key)
  if key == "escape" then
    love.event.quit()
  elseif key == "space" then
    game.begin()
  end
end
