"""The pictures of the twenty tasks of docs/browse.md: the browser in a terminal (tmux), with the keys of the page.

    venv/bin/python docs/pictures/tasks.py target/release/asdf [NUMBER...]

Needs tmux, Pillow and matplotlib (for its font).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = ROOT / "test-data"
OUT = HERE / "tasks"
COLUMNS, ROWS = 100, 28
CELL = (8, 17)
FONT = ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSansMono.ttf", 13)
BOLD = ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSansMono-Bold.ttf", 13)
INK, GROUND = (0xD8, 0xD8, 0xD8), (0x14, 0x16, 0x1A)
BASE = [
    (0x14, 0x16, 0x1A), (0xE0, 0x5A, 0x5A), (0x5C, 0xC0, 0x6A), (0xD8, 0xB0, 0x4A), (0x5A, 0x92, 0xE0), (0xC0, 0x72, 0xD0),
    (0x4C, 0xBC, 0xC8), (0xC8, 0xC8, 0xC8), (0x78, 0x7C, 0x84), (0xFF, 0x7A, 0x7A), (0x7C, 0xE0, 0x8A), (0xF4, 0xD0, 0x6A),
    (0x7C, 0xB0, 0xFF), (0xE0, 0x92, 0xF0), (0x6C, 0xDC, 0xE8), (0xFF, 0xFF, 0xFF),
]
# What the lines of boxes lead to: left, right, up, down.
BOXES = {
    "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "rud", "┤": "lud", "┬": "lrd", "┴": "lru", "┼": "lrud",
}
NAMES = {
    "enter": "Enter", "esc": "Escape", "tab": "Tab", "s-tab": "BTab", "backspace": "BSpace", "delete": "DC", "up": "Up",
    "down": "Down", "left": "Left", "right": "Right", "s-up": "S-Up", "s-down": "S-Down", "s-left": "S-Left", "s-right": "S-Right",
    "pageup": "PPage", "pagedown": "NPage", "home": "Home", "end": "End", "space": "Space",
}


def tasks():
    """Number, task, files and keys of each row of the page."""
    page = (ROOT / "docs/browse.md").read_text()
    table = page.split("<!-- tasks:")[1].split("<!-- end of tasks -->")[0]
    rows = re.findall(r"^\| (.+?) \| `?(.+?)`? \| `(.+)` \|$", table, re.M)
    return [(number, *row) for number, row in enumerate(rows, 1)]


def strokes(keys):
    """Keys as tmux sends them: a name, or a text as it is."""
    for part in re.findall(r"<[^<>]+>|[^<]", keys):
        if len(part) > 1:
            name = part[1:-1]
            if name in NAMES:
                yield [NAMES[name]]
            elif name == "lt":
                yield ["-l", "<"]
            else:
                kind, key = name.split("-", 1)
                yield [{"c": "C-", "a": "M-"}[kind] + key]
        else:
            # A semicolon would end a command of tmux.
            yield ["-l", "\\;" if part == ";" else part]


class Terminal:
    def __init__(self, command, folder):
        self.socket = f"asdf-pictures-{os.getpid()}"
        variables = {**os.environ, "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor"}
        variables.pop("NO_COLOR", None)
        self.variables = variables
        self.run("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), "-c", str(folder), command)
        self.run("set", "-g", "status", "off")

    def run(self, *words):
        command = ["tmux", "-L", self.socket, "-f", "/dev/null", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=self.variables).stdout

    def screen(self):
        return self.run("capture-pane", "-p", "-e", "-N")

    def settle(self, least=0.25):
        """Waits until the screen stays as it is."""
        time.sleep(least)
        before, since = self.screen(), time.time()
        end = time.time() + 20
        while time.time() < end:
            time.sleep(0.1)
            now = self.screen()
            if now != before:
                before, since = now, time.time()
            elif time.time() - since > 0.6:
                return now
        return before

    def close(self):
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], check=False, capture_output=True)


def indexed(number):
    if number < 16:
        return BASE[number]
    if number >= 232:
        return (8 + (number - 232) * 10,) * 3
    number -= 16
    return tuple(0 if part == 0 else 55 + part * 40 for part in (number // 36, number // 6 % 6, number % 6))


class Style:
    def __init__(self):
        self.reset()

    def reset(self):
        self.ink, self.ground, self.bold, self.dim, self.reverse, self.line = None, None, False, False, False, False

    def apply(self, codes):
        codes = [int(code) if code else 0 for code in re.split("[;:]", codes)]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (1, 2, 4, 7):
                setattr(self, {1: "bold", 2: "dim", 4: "line", 7: "reverse"}[code], True)
            elif code == 22:
                self.bold = self.dim = False
            elif code in (24, 27):
                setattr(self, {24: "line", 27: "reverse"}[code], False)
            elif code in (38, 48):
                kind = codes.pop(0)
                if kind == 2:
                    color = tuple(codes[:3])
                    del codes[:3]
                else:
                    color = indexed(codes.pop(0))
                setattr(self, "ink" if code == 38 else "ground", color)
            elif code in (39, 49):
                setattr(self, "ink" if code == 39 else "ground", None)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.ink = BASE[code - 30 if code < 90 else code - 82]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.ground = BASE[code - 40 if code < 100 else code - 92]

    def colors(self):
        ink, ground = self.ink or INK, self.ground or GROUND
        if self.dim:
            ink = tuple((a * 6 + b * 4) // 10 for a, b in zip(ink, ground))
        return (ground, ink) if self.reverse else (ink, ground)


def draw_cell(draw, x, y, letter, style):
    ink, ground = style.colors()
    width, height = CELL
    right, below = x + width - 1, y + height - 1
    draw.rectangle([x, y, right, below], fill=ground)
    middle = (x + width // 2, y + height // 2)
    if letter == "█":
        draw.rectangle([x, y, right, below], fill=ink)
    elif letter == "▀":
        draw.rectangle([x, y, right, y + height // 2 - 1], fill=ink)
    elif letter == "▄":
        draw.rectangle([x, y + height // 2, right, below], fill=ink)
    elif letter in BOXES:
        ends = {"l": (x, middle[1]), "r": (right, middle[1]), "u": (middle[0], y), "d": (middle[0], below)}
        for end in BOXES[letter]:
            draw.line([middle, ends[end]], fill=ink)
    elif 0x2800 <= ord(letter) <= 0x28FF:
        places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        for bit, (column, row) in enumerate(places):
            if ord(letter) - 0x2800 >> bit & 1:
                left, top = x + 1 + column * 4, y + 1 + row * 4
                draw.rectangle([left, top, left + 1, top + 1], fill=ink)
    elif letter != " ":
        draw.text((x, y + 1), letter, font=BOLD if style.bold else FONT, fill=ink)
    if style.line:
        draw.line([(x, below - 1), (right, below - 1)], fill=ink)


def picture(screen):
    image = Image.new("RGB", (COLUMNS * CELL[0], ROWS * CELL[1]), GROUND)
    draw, style = ImageDraw.Draw(image), Style()
    for row, line in enumerate(screen.split("\n")[:ROWS]):
        column = 0
        for codes, letter in re.findall(r"\x1b\[([\d;:]*)m|([^\x1b])", line):
            if letter:
                draw_cell(draw, column * CELL[0], row * CELL[1], letter, style)
                column += 1
            else:
                style.apply(codes)
    return image


def main():
    binary, chosen = Path(sys.argv[1]).resolve(), [int(number) for number in sys.argv[2:]]
    OUT.mkdir(exist_ok=True)
    # The names of the page, and no folder of this machine, stand on the screen.
    folder = Path(tempfile.mkdtemp())
    for name in ("image", "made", "measure", "measure/sources.ecsv"):
        (folder / Path(name).name).symlink_to(DATA / name)
    for number, task, names, keys in tasks():
        if chosen and number not in chosen:
            continue
        files = names.replace("`", "").split(", ")
        terminal = Terminal(" ".join(f"'{word}'" for word in [str(binary), "browse", *files]), folder)
        try:
            terminal.settle(1.0)
            for stroke in strokes(keys):
                terminal.run("send-keys", *stroke)
                time.sleep(0.02)
                if stroke[0] != "-l":
                    terminal.settle()
                elif keys[0] not in "/:" or stroke[1] in "0123456789aAbdeEgJltpuvwxCFi":
                    time.sleep(0.15)
            image = picture(terminal.settle(0.8))
        finally:
            terminal.close()
        path = OUT / f"{number:02}.png"
        image.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        print(number, task, path.stat().st_size)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
