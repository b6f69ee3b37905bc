# SPDX-License-Identifier: Apache-2.0
"""A server and a network that fail in each way: the load ends right, and nothing is there twice."""

from __future__ import annotations

import time

import pytest
from checks import assert_equal, assert_exit, describe_writes
from conftest import SEED
from proxy.faults import Fault

CREATE, BATCH, UPDATE = r"runs/create$", r"runs/log-batch$", r"runs/update$"
EXPERIMENT, ARTIFACT = r"experiments/create$", r"mlflow-artifacts/artifacts/"

ONCE = {
    "429-with-retry-after": [Fault("status", path=BATCH, status=429, retry_after="1", times=2)],
    "429-plain": [Fault("status", path=BATCH, status=429, times=2)],
    "429-date": [Fault("status", path=CREATE, status=429, retry_after="Wed, 01 Jan 2020 00:00:00 GMT")],
    "503-everywhere": [
        Fault("status", path=p, status=503) for p in (CREATE, BATCH, UPDATE, EXPERIMENT, ARTIFACT)
    ],
    "500-once": [Fault("status", path=BATCH, status=500), Fault("status", path=CREATE, status=500)],
    "502-504": [Fault("status", path=CREATE, status=502), Fault("status", path=BATCH, status=504)],
    "reset-before": [Fault("reset_before", path=p) for p in (EXPERIMENT, CREATE, BATCH, ARTIFACT, UPDATE)],
    "reset-middle": [Fault("reset_middle", path=p) for p in (BATCH, ARTIFACT)],
    "answer-lost-experiment": [Fault("reset_after", path=EXPERIMENT)],
    "answer-lost-create": [Fault("reset_after", path=CREATE, times=3)],
    "answer-lost-batch": [Fault("reset_after", path=BATCH, times=4)],
    "answer-lost-artifact": [Fault("reset_after", path=ARTIFACT, method="PUT", times=4)],
    "answer-lost-update": [Fault("reset_after", path=UPDATE, times=3)],
    "answer-cut": [Fault("cut_answer", path=p, times=2) for p in (EXPERIMENT, CREATE, BATCH, UPDATE)],
    "answer-slow": [
        Fault("slow_body", path=CREATE, seconds=2.0),
        Fault("slow_body", path="server-info", seconds=2.0),
    ],
    "stall": [Fault("stall", path=BATCH, seconds=3.0)],
}


@pytest.mark.parametrize("name", ONCE)
def test_fault_is_overcome(archive, server, proxy, host, name):
    data = archive("small")
    # Copies: a fault counts how often it was used.
    faults = [Fault(**{k: v for k, v in vars(f).items() if k not in ("seen", "used")}) for f in ONCE[name]]
    proxy.plan.set(*faults)
    done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert any(f.used for f in faults), "no request met the fault"
    proxy.plan.set()
    assert_equal(data, server.url, done.losses)
    before = len(proxy.entries)
    assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert not proxy.writes(before), describe_writes(proxy.writes(before))


def test_retry_after_is_kept(archive, server, proxy, host):
    data = archive("hostile", only=["many_params"])
    proxy.plan.set(Fault("status", path=BATCH, status=429, retry_after="2"))
    assert_exit(host.run(data, f"mlflow:{proxy.url}", "--transfers", "1"), 0)
    times = [e["time"] for e in proxy.entries if "log-batch" in e["path"]]
    refused = next(e["time"] for e in proxy.entries if e["fault"])
    # What was under way already may still arrive; then there is silence for as long as was asked.
    assert not [t - refused for t in times if 0.3 < t - refused < 1.9]
    assert max(times) - refused >= 1.9


def test_fault_mix(archive, server, proxy, host):
    data = archive("many")
    kinds = [
        Fault("status", status=503, chance=0.03, times=20),
        Fault("status", status=429, retry_after="1", chance=0.02, times=10),
        Fault("reset_before", chance=0.03, times=20),
        Fault("reset_after", chance=0.05, times=30),
        Fault("cut_answer", chance=0.03, times=20),
    ]
    proxy.plan.set(*kinds)
    done = host.run(data, f"mlflow:{proxy.url}", "--transfers", "3")
    proxy.plan.set()
    print(f"seed {SEED}, faults used: {[f.used for f in kinds]}")
    if done.code != 0:
        assert_exit(done, 75, 65)
        done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert_equal(data, server.url, done.losses)


@pytest.mark.slow
def test_long_stall(archive, server, proxy, host):
    data = archive("small")
    proxy.plan.set(Fault("stall", path=BATCH, seconds=20.0), Fault("stall", path=CREATE, seconds=20.0))
    done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert_equal(data, server.url, done.losses)


@pytest.mark.slow
@pytest.mark.parametrize("status", [500, 503, 429])
def test_server_that_never_recovers(archive, server, proxy, host, status):
    """Gives up with an exit code that says so; later the same command ends the job."""
    data = archive("small")
    proxy.plan.set(Fault("status", path=BATCH, status=status, times=10**9))
    begun = time.monotonic()
    assert_exit(host.run(data, f"mlflow:{proxy.url}", "--retry-for", "20"), 65, 69, 75)
    print(f"gave up after {time.monotonic() - begun:.0f} s, {len(proxy.entries)} requests")
    proxy.plan.set()
    done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert_equal(data, server.url, done.losses)


def test_refused_request_is_not_repeated_for_ever(archive, server, proxy, host):
    """400 is final: the unit fails, the others arrive, and the next command ends it."""
    data = archive("small")
    proxy.plan.set(Fault("status", path=BATCH, status=400, times=1))
    done = assert_exit(host.run(data, f"mlflow:{proxy.url}", "--transfers", "1"), 65)
    assert done.summary["units"]["failed"] >= 1
    proxy.plan.set()
    done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert_equal(data, server.url, done.losses)
