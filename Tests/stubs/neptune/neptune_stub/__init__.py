# SPDX-License-Identifier: Apache-2.0
"""A stub of the Neptune servers, for tests."""

from .data import Dataset
from .faults import Fault
from .pages import PageCaps
from .server import NeptuneServer

__all__ = ["Dataset", "Fault", "NeptuneServer", "PageCaps"]
