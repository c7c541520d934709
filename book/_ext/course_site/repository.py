"""Where this copy of the course lives, as `_config.yml` says: the one setting on which links to other hosts depend."""

import re

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

ADDRESS = re.compile(r"https://github\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?")


def parts(address: str) -> tuple[str, str]:
    """Return owner and name."""
    match = ADDRESS.fullmatch(address)
    if not match:
        raise ConfigError(f"_config.yml, repository url: {address!r} is not of the form https://github.com/OWNER/NAME")
    return match["owner"], match["name"]


def configured(app: Sphinx) -> tuple[str, str]:
    """Return address and branch; the address is empty while there is none."""
    theme = app.config.html_theme_options
    return theme.get("repository_url") or "", theme.get("repository_branch") or "main"
