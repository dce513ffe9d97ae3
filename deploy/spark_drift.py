"""The command `drift` as a file for spark-submit: spark-submit spark_drift.py check ..."""

import sys

from core.cli import main

sys.exit(main())
