"""How hypothesis searches: the same few examples in each run; HYPOTHESIS_PROFILE=search looks further."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

settings.register_profile("unit", max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("search", max_examples=2_000, deadline=None, database=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "unit"))
