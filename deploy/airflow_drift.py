"""An hourly DAG of one task; exit codes 1 (drift) and 3 (not delivered) fail it, to be seen."""

from datetime import UTC, datetime

from airflow.sdk import dag, task

JOB = "/opt/tideline"


@dag(
    schedule="7 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
)
def drift() -> None:
    """Ask whether the data have drifted."""

    @task.bash(cwd=JOB, skip_on_exit_code=None)
    def check() -> str:
        return ".venv/bin/drift check --settings watch.toml"

    check()


drift()
