# SPDX-License-Identifier: Apache-2.0
"""Importing a module of this folder makes its routes known."""

from . import (
    artifacts,
    asset_reads,
    asset_uploads,
    details,
    direct_upload,
    lifecycle,
    models,
    projects,
    reads,
    scenes,
    search,
    series,
    session,
)

__all__ = [
    "artifacts",
    "asset_reads",
    "asset_uploads",
    "details",
    "direct_upload",
    "lifecycle",
    "models",
    "projects",
    "reads",
    "scenes",
    "search",
    "session",
    "series",
]
