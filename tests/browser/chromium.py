"""The Chromium of the system, and the screens on which we look at the product."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def find_chromium() -> str | None:
    """The path of the first one that is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)
