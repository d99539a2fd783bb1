"""What a balancer, Prometheus and the log tell the operator, and what they tell nobody."""

import json
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.service.logs import without_secrets

RIGHT = (
    Path(__file__).parents[2] / "solutions/convolution/samples/right.py"
).read_text("utf-8")


def hand_in(served: Any, text: str) -> dict[str, Any]:
    """Hand in as the owner, who has entered, and wait for the grade."""
    links = served.client.get("/api/v1/me").json()["links"]
    link = next(x["key"] for x in links if x["exercise"] == "convolution")
    answer = served.client.post(
        "/api/v1/submissions",
        json={"link": link, "text": text},
        headers={"Idempotency-Key": secrets.token_hex(8)},
    )
    found: dict[str, Any] = answer.json()
    while "report" not in found:
        found = served.client.get(
            f"/api/v1/submissions/{found['submission']}"
        ).json()
    return found


def test_a_service_that_can_grade_is_ready(serving: Any) -> None:
    """It tried a worker and the database, and says what it found."""
    served = serving()
    assert httpx.get(f"{served.url}/healthz", timeout=120).text == "ok\n"
    ready = httpx.get(f"{served.url}/readyz", timeout=120)
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "database": "answers",
        "isolation": "full",
        "clocks": {},
    }


def test_a_service_without_its_database_is_not_ready(
    serving: Any, cluster: Any
) -> None:
    """It still answers, is unready while the database is away, and ready when it is back."""
    served = serving("--database", cluster.new_database())
    cluster.stop()
    try:
        assert httpx.get(f"{served.url}/healthz", timeout=120).text == "ok\n"
        ready = httpx.get(f"{served.url}/readyz", timeout=120)
        assert ready.status_code == 503
        assert ready.json()["database"].startswith("fault: ")
        metrics = httpx.get(f"{served.url}/metrics", timeout=120).text
        assert "grader_database_up 0.0" in metrics
    finally:
        cluster.start()
    assert httpx.get(f"{served.url}/readyz", timeout=120).status_code == 200


def test_a_clock_that_differs_is_told(serving: Any) -> None:
    """The clock of each platform is compared; one that does not answer is named, and no fault."""
    served = serving()
    subprocess.run(
        [
            *(sys.executable, "-m", "grader", "serve"),
            *("--data", str(served.data), "add-platform", "--name", "School"),
            *("--client-id", "c", "--issuer", "https://localhost:9"),
            *("--authorization-url", "https://localhost:9/a"),
            *("--token-url", "https://localhost:9/t"),
            *("--jwks-url", "https://localhost:9/j"),
        ],
        check=True,
        capture_output=True,
    )
    ready = httpx.get(f"{served.url}/readyz", timeout=120)
    assert ready.status_code == 200
    assert "no answer" in ready.json()["clocks"]["School"]


def test_metrics_count_what_was_handed_in(serving: Any) -> None:
    """Submissions, grades by status, times, slots, and what is owed."""
    served = serving()
    served.enter()
    hand_in(served, RIGHT)
    lines = (
        'grader_submissions{state="graded"} 1.0',
        'grader_results{status="graded"} 1.0',
        'grader_scores{state="nowhere"} 1.0',
        "grader_scores_owed 0.0",
        "grader_oldest_owed_seconds 0.0",
        "grader_slots_running 0.0",
        "grader_graders_open 1.0",
        'grader_grade_seconds_count{kind="python",provisional="false"} 1.0',
        # 202 where the grade took a while.
        'endpoint="hand_in",method="POST",status="20',
    )
    text, until = "", time.monotonic() + 60
    while any(line not in text for line in lines):
        assert time.monotonic() < until, text
        text = httpx.get(f"{served.url}/metrics", timeout=120).text
    me = served.client.get("/api/v1/me").json()["person"]
    assert me["key"] not in text
    assert me["name"] not in text


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"]
)
def test_metrics_are_not_for_the_world(serving: Any, header: str) -> None:
    """What a proxy passes on gets nothing, unless it shows an API key."""
    served = serving()
    url = f"{served.url}/metrics"
    forwarded = {header: "192.0.2.1"}
    assert httpx.get(url, headers=forwarded, timeout=120).status_code == 404
    key = subprocess.run(
        [
            *(sys.executable, "-m", "grader", "serve"),
            *("--data", str(served.data), "api-key", "prometheus"),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with_key = forwarded | {"Authorization": f"Bearer {key}"}
    assert (
        "grader_submissions"
        in httpx.get(url, headers=with_key, timeout=120).text
    )


def test_paths_that_somebody_made_up_are_one_metric(serving: Any) -> None:
    """Nobody fills the memory with names."""
    served = serving()
    for number in range(5):
        httpx.get(f"{served.url}/nothing/{number}", timeout=120)
        httpx.request(f"MADE{number}", f"{served.url}/x", timeout=120)
    text = httpx.get(f"{served.url}/metrics", timeout=120).text
    assert "MADE" not in text
    assert "nothing" not in text


def test_the_log_has_json_and_no_secrets(serving: Any) -> None:
    """A line for each request, without address, token, key, code or name."""
    served = serving("--log-format", "json")
    session = served.enter()
    hand_in(served, f"# a secret of mine\n{RIGHT}")
    served.client.get(f"/lti/register?key={served.key}")
    log = served.end()
    lines = [json.loads(line) for line in log.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert {"enter", "hand_in"} <= {line["endpoint"] for line in requests}
    assert {"level", "timestamp", "method", "status", "ms"} <= set(requests[0])
    for secret in (
        "127.0.0.1",
        session["token"],
        served.key,
        "a secret of mine",
        session["person"]["key"],
    ):
        assert secret not in log


@pytest.mark.parametrize(
    "text",
    [
        "GET /lti/register?key=SECRET failed",
        "Authorization: Bearer SECRET",
        "http://x/enter#SECRET",
        "id_token=SECRET&x=1",
    ],
)
def test_what_others_log_loses_its_secrets(text: str) -> None:
    """Whatever stands where a secret does in an address or a header is taken out."""
    assert "SECRET" not in without_secrets(text)
    assert "..." in without_secrets(text)


def test_old_work_is_deleted_while_the_service_runs(serving: Any) -> None:
    """With --keep-days, code and reports go and the score stays."""
    served = serving()
    served.enter()
    handed_in = hand_in(served, RIGHT)
    served.end()
    again = serving("--keep-days", "0.000001", data=served.data)
    again.enter()
    url = f"/api/v1/submissions/{handed_in['submission']}"
    while again.client.get(f"{url}/file").status_code != 410:
        pass  # the caretaker looks soon after the start
    left = again.client.get(url).json()
    assert left["report"]["message"].startswith("The report was deleted")
    assert left["report"]["score"] == handed_in["report"]["score"]
