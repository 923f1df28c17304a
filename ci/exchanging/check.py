"""Checks the files that signet export writes, and networks that other libraries trained. Called by ci/exchange."""

import sys

import exports
import faults
import imports
from evaluating import Difference

try:
    faults.self_test()
    if "--self-test" not in sys.argv[3:]:
        exports.check_all()
        imports.check_imports()
        imports.check_documentation()
except Difference as error:
    sys.exit(f"ci/exchange: {error}")
