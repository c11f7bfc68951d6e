"use strict";
(() => {
  // Divisors of the side of a crop, 288 CSS pixels: the crop is a whole number of pixels wide.
  const ZOOMS = [1, 2, 3, 4, 6, 8, 12, 24];
  const all = (from, selector) => Array.from(from.querySelectorAll(selector));
  const find = (id) => document.getElementById(id);
  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };
  let zoom = 3;

  class Exhibit {
    constructor(section) {
      this.width = Number(section.dataset.width);
      this.height = Number(section.dataset.height);
      this.center = [this.width / 2, this.height / 2];
      this.wholes = all(section, ".whole");
      this.marks = all(section, ".mark");
      this.shown = section.querySelector(".shown");
      this.crops = all(section, ".crop");
      // Small pictures are magnified more from the start.
      this.sides = this.crops.map((crop) => [parseInt(crop.style.width, 10), parseInt(crop.style.height, 10)])[0];
      this.buttons = all(section, "button[data-shows]");
      for (const button of this.buttons) {
        button.disabled = false;
        button.addEventListener("click", () => this.show(button));
      }
      for (const help of all(section, ".help")) help.hidden = false;
      this.use = this.wholes[1].querySelector("use");
      for (const whole of this.wholes) this.listen(whole);
      const first = this.use.getAttribute("href").slice(1);
      this.show(this.buttons.find((button) => button.dataset.shows === first));
    }

    listen(whole) {
      set(whole, { tabindex: 0 });
      whole.addEventListener("pointerdown", (event) => {
        whole.setPointerCapture(event.pointerId);
        this.point(event, whole);
      });
      whole.addEventListener("pointermove", (event) => {
        if (whole.hasPointerCapture(event.pointerId)) this.point(event, whole);
      });
      whole.addEventListener("keydown", (event) => this.key(event));
    }

    show(button) {
      set(this.use, { href: "#" + button.dataset.shows });
      for (const other of this.buttons) set(other, { "aria-pressed": other === button });
      const heading = button.closest("section").querySelector(".output").textContent;
      this.shown.textContent = button.textContent + ", " + heading;
      set(this.wholes[1], { "aria-label": this.shown.textContent });
    }

    point(event, whole) {
      const box = whole.getBoundingClientRect();
      const scale = this.width / box.width;
      this.move(scale * (event.clientX - box.left), scale * (event.clientY - box.top));
    }

    key(event) {
      const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const way = ways[event.key];
      if (!way) return;
      event.preventDefault();
      const step = event.shiftKey ? 1 : 8;
      this.move(this.center[0] + step * way[0], this.center[1] + step * way[1]);
    }

    move(x, y) {
      const [wide, high] = this.window();
      const within = (at, side, whole) => Math.max(side / 2, Math.min(at, whole - side / 2));
      this.center = [within(x, wide, this.width), within(y, high, this.height)];
      this.draw();
    }

    window() {
      return [Math.min(this.sides[0] / zoom, this.width), Math.min(this.sides[1] / zoom, this.height)];
    }

    draw() {
      const [width, height] = this.window();
      const x = Math.round(this.center[0] - width / 2);
      const y = Math.round(this.center[1] - height / 2);
      for (const crop of this.crops) set(crop, { viewBox: [x, y, width, height].join(" ") });
      for (const mark of this.marks) set(mark, { x, y, width, height });
    }
  }

  const exhibits = all(document, ".exhibit").map((section) => new Exhibit(section));
  const images = all(document, ".exhibit image");

  find("zoom").addEventListener("input", (event) => {
    zoom = ZOOMS[event.target.value];
    find("zoom-value").textContent = zoom + " ×";
    for (const exhibit of exhibits) exhibit.move(...exhibit.center);
  });
  find("blur").addEventListener("input", (event) => {
    const sigma = Number(event.target.value);
    find("blur-value").textContent = sigma > 0 ? "σ " + sigma.toFixed(1) : "not";
    set(document.querySelector("#light feGaussianBlur"), { stdDeviation: sigma });
    for (const image of images) {
      if (sigma > 0) set(image, { filter: "url(#light)" });
      else image.removeAttribute("filter");
    }
  });
  document.querySelector(".controls").hidden = false;
})();
