"""Every run has the same examples, and `make fuzz` looks for new ones.

It has the same surroundings as well: no setting and no proxy of whoever runs it.
"""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("fuzz", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile("repeatable")

for name in list(os.environ):
    ours = name.startswith("BACKSTORY_") and not name.startswith("BACKSTORY_TEST_")
    if ours or name.upper().endswith("_PROXY"):
        del os.environ[name]
