"""The property tests here search as long as those of the domain."""

from __future__ import annotations

from hypothesis import settings

import tests.domain.conftest  # noqa: F401 (it registers the profile)

settings.load_profile("quick")
