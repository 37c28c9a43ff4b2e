"""The product's settings, with what tests need: a fast hasher, no manifest, databases by name."""

import os
import tempfile

os.environ.setdefault("FUNNEL_DATA", tempfile.mkdtemp(prefix="funnel-test-"))
os.environ.setdefault("SECRET_KEY", "only-for-the-tests-only-for-the-tests-only-for-the-tests")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("FUNNEL_HTTPS", "0")

from funnelcrm.settings import *  # noqa: F403
from funnelcrm.settings import DATA_DIR, DATABASES, MIDDLEWARE, TEAM_MODE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# It warns about a missing STATIC_ROOT, and warnings are errors here.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_HINTS = False
if not TEAM_MODE:
    # A file, not memory: threads and live servers then meet the same locks as in the product.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
