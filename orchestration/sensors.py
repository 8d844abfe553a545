"""What the daemon watches."""

from __future__ import annotations

import dagster as dg

from orchestration import recovery


@dg.sensor(minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def cut_off_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Fail the runs whose process is gone and free their slots, so that queued runs do not wait for them."""
    said: list[str] = []
    try:
        recovery.recover(context.instance, said.append, wait=0)
    except recovery.StillBusy as error:
        said.append(str(error))
    return dg.SkipReason(" ".join(said) or "every run in progress has its process")
