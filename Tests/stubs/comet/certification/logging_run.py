# SPDX-License-Identifier: Apache-2.0
"""Logs the whole content through Comet's client: online, offline, or into an existing experiment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import comet_ml
import content
from quiet import QUIET


def log_all(experiment, files: dict[str, Path]) -> None:
    experiment.set_name(content.NAME)
    experiment.add_tags(content.TAGS)
    for name, value, step, epoch in content.METRICS:
        experiment.log_metric(name, value, step=step, epoch=epoch)
    name, value, step, epoch = content.IN_CONTEXT
    with experiment.context_manager(content.CONTEXT):
        experiment.log_metric(name, value, step=step, epoch=epoch)
    for name, value in content.PARAMETERS.items():
        experiment.log_parameter(name, value)
    experiment.log_parameters(content.NESTED)
    for name, value in content.OTHERS.items():
        experiment.log_other(name, value)
    for text, step, metadata in content.TEXTS:
        experiment.log_text(text, step=step, metadata=metadata)
    for step in (0, 1, 2):
        experiment.log_histogram_3d(content.histogram_values(step), name="weights", step=step)
    log_assets(experiment, files)
    experiment.log_html(content.HTML)
    experiment.set_model_graph(content.GRAPH)
    experiment.set_filename(content.FILE_NAME)
    experiment.log_system_info(*content.SYSTEM_INFO)
    experiment.log_dependency(*content.DEPENDENCY)


def log_assets(experiment, files: dict[str, Path]) -> None:
    for name, kind, step, metadata, file in content.ASSETS:
        path = str(files[file])
        if kind == "asset":
            experiment.log_asset(path, file_name=name, step=step, metadata=metadata)
        elif kind == "image":
            experiment.log_image(path, name=name, step=step, metadata=metadata)
        elif kind == "audio":
            experiment.log_audio(path, file_name=name, step=step)
        elif kind == "source_code":
            experiment.log_code(file_name=path, code_name=name)
        elif kind == "model-element":
            experiment.log_model(content.MODEL, path)
    name, x, y, step = content.CURVE
    experiment.log_curve(name, x, y, step=step)
    experiment.log_confusion_matrix(**content.MATRIX, step=11)
    link, name, metadata = content.REMOTE
    experiment.log_remote_asset(link, remote_file_name=name, metadata=metadata, step=12)
    headers, rows, _ = content.TABLE
    experiment.log_table("table.csv", rows, headers=headers)


def main() -> None:
    mode, folder = sys.argv[1], Path(sys.argv[2])
    files = content.make_files(folder / "files")
    settings = {"workspace": "team", "project_name": content.PROJECT, **QUIET}
    if mode == "offline":
        experiment = comet_ml.OfflineExperiment(offline_directory=str(folder), **settings)
        log_all(experiment, files)
    elif mode == "existing":
        del settings["workspace"], settings["project_name"]
        experiment = comet_ml.ExistingExperiment(previous_experiment=sys.argv[3], **settings)
        experiment.add_tag("later")
        experiment.log_metric("later", 0.5, step=1)
        experiment.log_asset(str(files["empty.bin"]), file_name="empty.bin", step=1)
    else:
        experiment = comet_ml.Experiment(**settings)
        log_all(experiment, files)
    experiment.end()
    print("RESULT " + json.dumps({"key": experiment.get_key()}))


main()
