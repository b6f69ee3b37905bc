# SPDX-License-Identifier: Apache-2.0
"""A stand-in for a Comet server: what Comet's own client needs, kept exactly, with faults on demand."""

from .faults import Fault
from .server import CometServer

__all__ = ["CometServer", "Fault"]
