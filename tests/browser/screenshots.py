"""Photographs of the product with its demo data: `bin/screenshots`."""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, DESK, PHONE, find_chromium
from tests.ops.machine import MANAGE, ROOT, environment, free_port

BOARD = ROOT / "docs" / "board.png"
LOOKS = {
    "light": DESK | {"color_scheme": "light"},
    "dark": DESK | {"color_scheme": "dark"},
    "phone": PHONE | {"color_scheme": "light", "device_scale_factor": 2},
}


def main(arguments: list[str]) -> None:
    options = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    options.add_argument("--all", type=Path, metavar="DIR", help="Every page, in every look, into DIR.")
    folder = options.parse_args(arguments).all
    path = find_chromium()
    if path is None:
        sys.exit("No Chromium is installed (Debian, Ubuntu: apt install chromium).")
    with product() as (url, email, password), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        if folder is None:
            page = sign_in(chromium, LOOKS["light"], url, email, password)
            take(page, BOARD)
        else:
            for look, settings in LOOKS.items():
                take_all(sign_in(chromium, settings, url, email, password), folder, look)
        chromium.close()


@contextmanager
def product() -> Iterator[tuple[str, str, str]]:
    """The embedded product, running: its address, and who may sign in."""
    with tempfile.TemporaryDirectory(prefix="funnel-photo-") as data:
        command = [*MANAGE, "run_embedded", f"--port={free_port()}", "--no-browser"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(FUNNEL_DATA=data), stdout=subprocess.PIPE, text=True
        )
        try:
            yield read_door(process.stdout)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def read_door(lines: Iterator[str]) -> tuple[str, str, str]:
    """What the product says when it is open."""
    url = ""
    for line in lines:
        if found := re.search(r"is open at (\S+)", line):
            url = found[1]
        if found := re.search(r"(\S+@\S+) \(admin\).*password: (\S+)", line):
            return url, found[1], found[2]
    raise RuntimeError("The product did not open; the lines above say why.")


def sign_in(chromium: Browser, settings: dict, url: str, email: str, password: str) -> Page:
    page = chromium.new_context(base_url=url, reduced_motion="reduce", **settings).new_page()
    page.goto("/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/board/")
    return page


def take(page: Page, path: Path) -> None:
    """When all that comes later has come, and nothing has the focus or the mouse."""
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    sys.stdout.write(f"{path}\n")


def take_all(page: Page, folder: Path, look: str) -> None:
    """Each page and what opens on it."""
    card = page.locator("[data-board] .card[data-deal]").nth(2)
    deal = card.get_attribute("data-deal")
    places = {
        "board": "/board/",
        "board-attention": "/board/?state=attention&sort=value",
        "board-peek": f"/board/?deal={deal}",
        "deals": "/deals/",
        "deal": f"/deals/{deal}/",
        "deal-edit": f"/deals/{deal}/edit/",
        "deal-move": f"/deals/{deal}/move/",
        "deal-lose": f"/deals/{deal}/lose/",
        "new-deal": "/deals/new/",
        "save-view": "/board/views/save/?state=overdue",
        "you": "/you/",
        "not-found": "/deals/999999999/",
    }
    for name, place in places.items():
        page.goto(place)
        take(page, folder / f"{name}-{look}.png")
    for name, act in {
        "sheet": open_sheet,
        "quick-add": open_quick_add,
        "filter": open_filter,
        "drag": drag,
    }.items():
        page.goto("/board/")
        act(page)
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"board-{name}-{look}.png")
    page.context.clear_cookies()
    page.goto("/sign-in/")
    take(page, folder / f"sign-in-{look}.png")


def open_sheet(page: Page) -> None:
    page.locator(".card [data-move]").first.click(force=True)
    page.locator("dialog[open]").wait_for()


def open_quick_add(page: Page) -> None:
    page.locator("#new-deal").click()
    page.locator(".quick-add").wait_for()


def open_filter(page: Page) -> None:
    page.locator("details[data-filter] summary").click()


def drag(page: Page) -> None:
    """A card in the air, over the next column (on a phone: as by a mouse)."""
    card = page.locator("[data-board] .card[data-deal]").first
    box = card.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 55)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 70, steps=4)
    page.mouse.move(box["x"] + box["width"] + 90, box["y"] + 150, steps=8)


if __name__ == "__main__":
    main(sys.argv[1:])
