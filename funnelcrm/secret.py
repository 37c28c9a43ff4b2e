"""The secret key: real in team mode, made once and kept where nobody set one in embedded mode."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

TOO_EASY = ("dev", "test", "change", "secret", "default", "django-insecure")


def secret_key(given: str, *, team_mode: bool, data_dir: Path) -> str:
    """The key to run with. Raises `ImproperlyConfigured` where team mode has none, or an easy one."""
    if team_mode:
        if len(given) < 50 or given.lower().startswith(TOO_EASY):
            raise ImproperlyConfigured(
                "Set SECRET_KEY to at least 50 random characters before you run for a team."
            )
        return given
    return given or _kept_key(data_dir / "secret-key")


def _kept_key(path: Path) -> str:
    """The key of this embedded installation; only its owner may read the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        key = get_random_secret_key()
        file.write(key)
    return key
