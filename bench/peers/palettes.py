"""Errors of dithering to palettes, this library beside others, and a record of them. See `bench/palettes`."""

import argparse
import datetime
import importlib.metadata
import io
import os
import pathlib
import platform
import subprocess
import tempfile
import time

import numpy
from PIL import Image
from scipy import ndimage, spatial

PHOTOGRAPHS = ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png", "hubble_deep_field.jpg"]
"""Of `skimage.data`: NASA and SpaceX (public domain), chelsea, coffee and motorcycle as scikit-image ships them."""
SIZE = (400, 320)
TIMED_SIZE = (800, 480)
SIGMAS = (1.0, 1.5, 3.0)
PALETTES = ["spectra-6", "pico-8", "ega"]


def light(codes):
    x = numpy.asarray(codes, dtype=numpy.float64) / 255
    return numpy.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def codes(light):
    x = numpy.clip(light, 0, 1)
    return numpy.rint(255 * numpy.where(x <= 0.0031308, x * 12.92, 1.055 * x ** (1 / 2.4) - 0.055)).astype(numpy.uint8)


def oklab(light):
    cones = numpy.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]])
    lab = numpy.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]])
    return numpy.cbrt(light @ cones.T) @ lab.T


def errors(wanted, shown):
    """Mean OKLab distance times 100 of two pictures of linear light, for each blur."""
    result = []
    for sigma in SIGMAS:
        blur = [ndimage.gaussian_filter(picture, (sigma, sigma, 0), mode="reflect") for picture in (wanted, shown)]
        result.append(100 * numpy.linalg.norm(oklab(blur[0]) - oklab(blur[1]), axis=2).mean())
    return numpy.array(result)


def photograph(name, size):
    import skimage

    picture = Image.open(pathlib.Path(skimage.__file__).parent / "data" / name).convert("RGB")
    scale = max(size[0] / picture.width, size[1] / picture.height)
    box = (size[0] / scale, size[1] / scale)
    left, top = (picture.width - box[0]) / 2, (picture.height - box[1]) / 2
    return numpy.asarray(picture.resize(size, Image.LANCZOS, (left, top, left + box[0], top + box[1])))


def fitted(picture, palette):
    """Linear light of a picture, fitted to black and white of a palette."""
    shown = light(palette)
    luminance = shown @ [0.2126, 0.7152, 0.0722]
    black, white = shown[luminance.argmin()], shown[luminance.argmax()]
    return black + (white - black) * light(picture)


def mapped(picture, palette):
    """As `fitted`, then drawn towards the grey of the same luminance until the palette can mix it."""
    target = fitted(picture, palette)
    shown = light(palette)
    weights = numpy.array([0.2126, 0.7152, 0.0722])
    luminance = shown @ weights
    black, white = luminance.argmin(), luminance.argmax()
    share = (target @ weights - luminance[black]) / (luminance[white] - luminance[black])
    grey = shown[black] + (shown[white] - shown[black]) * numpy.clip(share, 0, 1)[..., None]
    planes = spatial.ConvexHull(shown).equations
    way = target - grey
    inside = -(grey @ planes[:, :3].T + planes[:, 3])
    rise = way @ planes[:, :3].T
    with numpy.errstate(divide="ignore", invalid="ignore"):
        most = numpy.where(rise > 1e-12, numpy.maximum(inside, 0) / rise, numpy.inf).min(axis=2)
    return grey + way * numpy.minimum(most, 1)[..., None]


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.skipped, self.versions = [], []
        try:
            import epaper_dithering

            self.epaper = epaper_dithering
            self.versions.append("epaper-dithering " + importlib.metadata.version("epaper-dithering"))
        except ImportError as error:
            self.epaper = None
            self.skipped.append(f"epaper-dithering: {error}")
        self.versions.append("Pillow " + importlib.metadata.version("pillow"))
        self.magick = next((tool for tool in ["/usr/bin/magick", "/usr/bin/convert-im6.q16"] if os.path.exists(tool)), None)
        if self.magick:
            line = subprocess.run([self.magick, "-version"], capture_output=True, text=True, check=True).stdout
            self.versions.append(" ".join(line.split()[1:4]))
        else:
            self.skipped.append("ImageMagick: not installed")

    def ours(self, picture, palette, *arguments, rounds=1):
        text = ",".join("%02x%02x%02x" % tuple(color) for color in palette)
        height, width, _ = picture.shape
        command = [self.program, str(width), "--colors", text, "--rounds", str(rounds), *arguments]
        run = subprocess.run(command, input=picture.tobytes(), capture_output=True, check=True)
        return numpy.frombuffer(run.stdout, dtype=numpy.uint8).reshape(height, width), float(run.stderr.split()[1])

    def of_epaper(self, picture, palette, mode, dbs):
        epaper = self.epaper
        shown = epaper.ColorPalette(colors={str(i): tuple(int(v) for v in c) for i, c in enumerate(palette)}, accent="0")
        image = Image.fromarray(picture)
        start = time.perf_counter()
        result = epaper.dither_image(image, shown, mode=epaper.DitherMode[mode], dbs=dbs)
        spent = time.perf_counter() - start
        return numpy.asarray(result), spent * 1e3

    def pillow(self, picture, palette):
        image, colors = Image.fromarray(picture), Image.new("P", (1, 1))
        colors.putpalette([int(v) for v in palette.ravel()])
        start = time.perf_counter()
        result = image.quantize(palette=colors, dither=Image.Dither.FLOYDSTEINBERG)
        spent = time.perf_counter() - start
        return numpy.asarray(result), spent * 1e3

    def imagemagick(self, picture, palette):
        """Time with the start of the program, decoding and encoding."""
        source, colors = self.folder / "source.ppm", self.folder / "colors.ppm"
        Image.fromarray(picture).save(source)
        Image.fromarray(palette[None]).save(colors)
        start = time.perf_counter()
        run = subprocess.run([self.magick, source, "-ordered-dither", "o8x8", "+dither", "-remap", colors, "-depth", "8", "ppm:-"], capture_output=True, check=True)
        spent = time.perf_counter() - start
        result = numpy.asarray(Image.open(io.BytesIO(run.stdout)).convert("RGB")).astype(int)
        distances = ((result[:, :, None, :] - palette[None, None].astype(int)) ** 2).sum(axis=3)
        assert distances.min(axis=2).max() == 0, "ImageMagick gave a colour that is not of the palette"
        return distances.argmin(axis=2).astype(numpy.uint8), spent * 1e3

    def contenders(self):
        """Name, kind, and a function from (codes of the raw picture, codes of the target, palette, fitted) to (indices, ms)."""

        def this(nodes, *more):
            def run(raw, target, palette, panel):
                arguments = ["--nodes", str(nodes), *more]
                # in gamut: the target itself; raw: the fit is the library's own
                return self.ours(raw if panel else target, palette, *arguments, *(["--panel"] if panel else []))

            return run

        def other(function, *arguments):
            return lambda raw, target, palette, panel: function(target, palette, *arguments)

        def method(name):
            return lambda raw, target, palette, panel: self.ours(target, palette, "--method", name)

        rows = [("this, 33³", "this", this(33)), ("this, 17³", "this", this(17)), ("this, 9³", "this", this(9))]
        rows.append(("this, 33³, grain 0", "this", this(33, "--grain", "0")))
        rows.append(("Knoll, 64 candidates, in light", "ordered", method("knoll")))
        if self.epaper:
            rows.append(("epaper-dithering, ordered", "ordered peer", other(self.of_epaper, "ORDERED", False)))
        if self.magick:
            rows.append(("ImageMagick, ordered o8x8, -remap", "ordered peer", other(self.imagemagick)))
        if self.epaper:
            rows.append(("epaper-dithering, Floyd–Steinberg", "diffusion", other(self.of_epaper, "FLOYD_STEINBERG", False)))
            rows.append(("epaper-dithering, direct binary search", "search", other(self.of_epaper, "FLOYD_STEINBERG", True)))
        rows.append(("Pillow, Floyd–Steinberg", "diffusion", other(self.pillow)))
        rows.append(("Floyd–Steinberg in light", "in light", method("floyd-steinberg")))
        rows.append(("Floyd–Steinberg in light, nearest in OKLab", "in light", method("floyd-steinberg-oklab")))
        return rows


def cell(values):
    return "/".join(f"{value:.2f}" for value in values)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="two photographs, no search")
    parser.add_argument("--only", default="", help="contenders whose name has this text")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(arguments, Bench(arguments.program, pathlib.Path(folder)))


def run(arguments, bench):
    palettes = {}
    for name in PALETTES:
        listed = subprocess.run([arguments.program, "1", "--colors", name, "--method", "list"], capture_output=True, text=True, check=True).stdout
        palettes[name] = numpy.array([[int(v) for v in line.split()] for line in listed.splitlines()], dtype=numpy.uint8)
    names = PHOTOGRAPHS[:2] if arguments.quick else PHOTOGRAPHS
    pictures = [photograph(name, SIZE) for name in names]
    timed = photograph(PHOTOGRAPHS[0], TIMED_SIZE)

    columns = [(name, False) for name in PALETTES] + [("spectra-6", True), ("pico-8", True)]
    contenders = [row for row in bench.contenders() if arguments.only in row[0] and not (arguments.quick and row[1] == "search")]
    table, times = {}, {}
    for title, _, contender in contenders:
        for name, panel in columns:
            palette = palettes[name]
            sums = []
            for raw in pictures:
                target = fitted(raw, palette) if panel else mapped(raw, palette)
                indices, _ = contender(raw, codes(target), palette, panel)
                sums.append(errors(target, light(palette)[indices]))
            table[title, name, panel] = numpy.mean(sums, axis=0)
        for name in ("spectra-6", "pico-8"):
            palette = palettes[name]
            wanted = codes(mapped(timed, palette))
            # the least of three; our own program counts rounds itself
            times[title, name] = min(contender(timed, wanted, palette, False)[1] for _ in range(1 if "search" in title else 3))
        print(title, *(cell(table[title, name, panel]) for name, panel in columns), *(f"{times[title, name]:.1f}" for name in ("spectra-6", "pico-8")), flush=True)

    lines = record(arguments, bench, contenders, columns, table, times)
    if not arguments.only:
        for level in ("scalar", "sse2", "avx2", "avx512"):
            spent = []
            for name in ("spectra-6", "pico-8"):
                try:
                    wanted = codes(mapped(timed, palettes[name]))
                    spent.append(f"{bench.ours(wanted, palettes[name], '--nodes', '17', '--level', level, rounds=50)[1]:.2f}")
                except subprocess.CalledProcessError:
                    spent.append("–")
            lines.append(f"| {level} | {spent[0]} | {spent[1]} |")
    page = "\n".join(lines) + "\n"
    if arguments.out and not arguments.quick and not arguments.only:
        file = arguments.out / f"{datetime.date.today()}-palettes.md"
        file.write_text(page)
        print("wrote", file)
    else:
        print(page)


def record(arguments, bench, contenders, columns, table, times):
    cpu = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), cpu)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    lines = [f"# {datetime.date.today()}: dithering to palettes", ""]
    lines += [f"- machine: {cpu}, {os.cpu_count()} logical; load averages at the end {load}"]
    lines += [f"- peers: {', '.join(bench.versions)}"]
    lines += [f"- skipped: {reason}" for reason in bench.skipped]
    lines += ["- command: `bench/palettes`", ""]
    lines += [
        f"Mean OKLab ΔE x100 over {len(PHOTOGRAPHS)} photographs of `skimage.data` at {SIZE[0]}x{SIZE[1]}, after a Gaussian blur of sigma 1/1.5/3 pixels in linear light of",
        "both the wanted and the dithered picture; less is better. In gamut: pictures are fitted to the palette's black and white and drawn towards",
        "grey until the palette can mix every pixel; all contenders get the same 8-bit codes. Fitted: raw pictures; `this` fits them itself",
        "(`Fit::Panel`), the others get the fitted pictures as 8-bit codes; what the palette cannot mix stays in the wanted picture. Masks: preset `dither`,",
        "128x128, seed 1. The judge mixes colours as light, as the eye does with small dots: tools that mix code values lose by their means.",
        "",
    ]
    titles = [f"{name}, {'fitted' if panel else 'in gamut'}" for name, panel in columns]
    lines += ["| | " + " | ".join(titles) + " |", "|:--|" + "--:|" * len(columns)]
    for title, _, _ in contenders:
        lines.append(f"| {title} | " + " | ".join(cell(table[title, name, panel]) for name, panel in columns) + " |")
    kinds = {title: kind for title, kind, _ in contenders}
    lines += ["", "What the figures say:", ""]
    if "this, 33³" in kinds:
        for name, panel in columns:
            ours = table["this, 33³", name, panel]
            of = "fitted" if panel else "in gamut"
            peers = [(table[title, name, panel][1] / ours[1], title) for title, kind in kinds.items() if kind == "ordered peer"]
            if peers:
                lines.append(f"- {name}, {of}: error of the best ordered peer at sigma 1.5 over ours: {min(peers)[0]:.2f} ({min(peers)[1]})")
            diffusion = [table[title, name, panel][2] for title, kind in kinds.items() if kind == "in light"]
            if diffusion:
                lines.append(f"- {name}, {of}: ours at sigma 3 over the better Floyd–Steinberg in light: {ours[2] / min(diffusion):.2f}")
    lines += ["", f"Milliseconds for {TIMED_SIZE[0]}x{TIMED_SIZE[1]}, one picture; ImageMagick with its start, decoding and encoding. Other programs ran beside: rough.", ""]
    lines += ["| | spectra-6 | pico-8 |", "|:--|--:|--:|"]
    lines += [f"| {title} | {times[title, 'spectra-6']:.1f} | {times[title, 'pico-8']:.1f} |" for title, _, _ in contenders]
    lines += ["", "`this` at 17³ by SIMD level, ms, the least of 50:", "", "| | spectra-6 | pico-8 |", "|:--|--:|--:|"]
    return lines


if __name__ == "__main__":
    main()
