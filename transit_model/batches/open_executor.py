"""Which executor runs the tasks: threads, processes of this machine, or a Dask cluster."""

from __future__ import annotations

from transit_model.batches.executor import Executor


def open_executor(workers: int = 0, scheduler: str | None = None) -> Executor:
    """Return the executor that was asked for.

    Parameters
    ----------
    workers : int
        Processes; 0 for threads inside this process.
    scheduler : str, optional
        Address of an existing Dask scheduler, e.g. ``tcp://10.0.0.1:8786``; wins over `workers`.
    """
    if scheduler is not None:
        from transit_model.batches.cluster import ClusterExecutor

        return ClusterExecutor(scheduler)
    if workers > 0:
        from transit_model.batches.processes import ProcessExecutor

        return ProcessExecutor(workers)
    from transit_model.batches.threads import ThreadExecutor

    return ThreadExecutor()
