-- What LÖVE reads before the game.
function love.conf(t)
  t.identity = "bluegrad"
  t.version = "11.4"
  t.window.title = "bluegrad"
  t.window.width = 800
  t.window.height = 600
  t.window.highdpi = false
  t.modules.audio = false
  t.modules.joystick = false
  t.modules.physics = false
  t.modules.sound = false
  t.modules.touch = false
  t.modules.video = false
end
