# SPDX-License-Identifier: Apache-2.0
"""All automatic logging off, so that an experiment holds what was logged and nothing else."""

QUIET = {
    "log_code": False,
    "log_graph": False,
    "auto_param_logging": False,
    "auto_metric_logging": False,
    "auto_output_logging": False,
    "parse_args": False,
    "log_git_metadata": False,
    "log_git_patch": False,
    "log_env_details": False,
    "display_summary_level": 0,
}
