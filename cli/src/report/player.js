"use strict";
(() => {
  const player = document.getElementById("player");
  const find = (name) => player.querySelector("." + name);
  const [width, height, layers] = ["width", "height", "layers"].map((name) => Number(player.dataset[name]));
  const [view, channel, level, speed, play, slider, canvas] =
    ["view", "channel", "level", "speed", "play", "slider", "canvas"].map(find);
  const pixels = width * height;
  // Weight of a new frame in the average, and frames after which the rest is below a grey level.
  const ALPHA = 0.1;
  const BEFORE = 56;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const volumes = new Map();
  let frame = 0;
  let timer = 0;

  // Values of all layers of a channel, from its picture.
  const volume = (index) => {
    if (!volumes.has(index)) {
      const source = player.querySelectorAll(".layers")[index];
      const sheet = document.createElement("canvas");
      sheet.width = width;
      sheet.height = height * layers;
      const from = sheet.getContext("2d");
      from.drawImage(source, 0, 0);
      volumes.set(index, from.getImageData(0, 0, width, height * layers).data.filter((_, i) => i % 4 === 0));
    }
    return volumes.get(index);
  };

  const values = () => {
    const all = volume(Number(channel.value));
    const grey = Number(level.value);
    const at = (k) => all.subarray(k * pixels, (k + 1) * pixels);
    // As `generate` says: high values turn white first.
    const dithered = (k) => at(k).map((value) => (value + (value < 128 ? 0 : -1) >= 255 - grey ? 255 : 0));
    if (view.value === "values") return at(frame);
    if (view.value === "dithered") return dithered(frame);
    const average = new Float32Array(pixels);
    for (let back = BEFORE; back >= 0; back--) {
      const now = dithered((((frame - back) % layers) + layers) % layers);
      const weight = back === BEFORE ? 1 : ALPHA;
      for (let i = 0; i < pixels; i++) average[i] += weight * (now[i] - average[i]);
    }
    return average;
  };

  const draw = () => {
    values().forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
    context.putImageData(image, 0, 0);
    slider.value = frame;
    find("now").textContent = "frame " + frame + " of " + layers;
    find("grey").hidden = view.value === "values";
    find("shown").textContent = (Number(level.value) / 255).toFixed(2);
  };

  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const start = () => {
    timer = setInterval(() => {
      frame = (frame + 1) % layers;
      draw();
    }, 1000 / Number(speed.value));
    play.textContent = "Pause";
  };
  play.addEventListener("click", () => (timer ? stop() : start()));
  speed.addEventListener("change", () => {
    if (!timer) return;
    stop();
    start();
  });
  slider.addEventListener("input", () => {
    frame = Number(slider.value);
    draw();
  });
  for (const control of [view, channel, level]) control.addEventListener("input", draw);
  Promise.all(Array.from(player.querySelectorAll(".layers"), (source) => source.decode())).then(() => {
    find("still").hidden = true;
    canvas.hidden = false;
    find("controls").hidden = false;
    draw();
  });
})();
