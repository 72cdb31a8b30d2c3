"""Who runs this finds every setting in one file."""

import re

from django.conf import settings

READ = re.compile(r'\b(?:env(?:\.\w+)?|secret)\(\s*"([A-Z_]+)"')
NOT_SETTINGS = {"ENV_FILE"}  # where .env is: a seam for bin/test


def test_every_setting_is_in_the_example():
    read = set(READ.findall((settings.BASE_DIR / "vitay/settings.py").read_text()))
    shown = set(
        re.findall(r"^#?([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    )
    assert read - NOT_SETTINGS <= shown
