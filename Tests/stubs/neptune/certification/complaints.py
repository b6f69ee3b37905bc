# SPDX-License-Identifier: Apache-2.0
"""Gathers what a client warns of and logs."""

from __future__ import annotations

import logging
import warnings


class Complaints(logging.Handler):
    """`texts` has each warning of Python's and each record of the named loggers from WARNING upwards.
    Warnings about code itself (deprecations) say nothing of the server."""

    def __init__(self, *loggers: str):
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self._loggers = [logging.getLogger(name) for name in loggers]
        self._caught = warnings.catch_warnings()

    def __enter__(self) -> "Complaints":
        for one in self._loggers:
            one.addHandler(self)
        self._caught.__enter__()
        warnings.simplefilter("always")
        for about_code in (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ResourceWarning):
            warnings.simplefilter("ignore", about_code)
        warnings.showwarning = self._warned
        return self

    def __exit__(self, *_) -> None:
        self._caught.__exit__()
        for one in self._loggers:
            one.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.name}: {record.getMessage()}")

    def _warned(self, message, category, *_, **__) -> None:
        self.texts.append(f"{category.__name__}: {message}")
