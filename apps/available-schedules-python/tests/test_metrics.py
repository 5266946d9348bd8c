import pytest

from tests.running_app import GOOD_QUERY, ROUTE, RunningApp

UNMATCHED = "<unmatched>"
OPENMETRICS = {"Accept": "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;q=0.5"}


def test_every_route_and_status_starts_at_zero(fresh_app: RunningApp) -> None:
    statuses = ("200", "400", "404", "405", "500", "502", "503", "504")
    expected = {("GET", ROUTE, status): 0 for status in statuses} | {("GET", UNMATCHED, "404"): 0}
    assert fresh_app.requests_total() == expected


def test_probes_and_scrapes_are_neither_counted_nor_logged(fresh_app: RunningApp) -> None:
    before = fresh_app.requests_total()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert fresh_app.request(path).status == 200
        assert fresh_app.request(path, "HEAD").status == 200
        assert fresh_app.request(path, "POST").headers["allow"] == "GET, HEAD"
    assert fresh_app.requests_total() == before
    assert fresh_app.new_log_lines() == []


@pytest.mark.parametrize(
    ("method", "target", "counted"),
    [
        ("GET", f"{ROUTE}?{GOOD_QUERY}", ("GET", ROUTE, "200")),
        ("HEAD", f"{ROUTE}?{GOOD_QUERY}", ("HEAD", ROUTE, "200")),
        ("GET", ROUTE, ("GET", ROUTE, "400")),
        ("GET", f"{ROUTE}?{GOOD_QUERY}&unit_id=belem", ("GET", ROUTE, "404")),
        ("POST", ROUTE, ("POST", ROUTE, "405")),
        ("BREW", ROUTE, ("_OTHER", ROUTE, "405")),
        ("get", ROUTE, ("_OTHER", ROUTE, "405")),
        ("GET", "/", ("GET", UNMATCHED, "404")),
        ("GET", f"{ROUTE}%0A", ("GET", UNMATCHED, "404")),
        ("GET", "/metrics%0A", ("GET", UNMATCHED, "404")),
    ],
)
def test_counts_a_request_once_before_its_answer_has_arrived(
    app: RunningApp, method: str, target: str, counted: tuple[str, str, str]
) -> None:
    before = app.requests_total()
    app.request(target, method)
    after = app.requests_total()
    assert after.pop(counted) == before.pop(counted, 0) + 1
    assert after == before


def test_a_client_cannot_invent_series(app: RunningApp) -> None:
    for number in range(3):
        app.request(f"/invented-{number}?a={number}", f"INVENT{number}")
    routes = {route for _, route, _ in app.requests_total()}
    methods = {method for method, _, _ in app.requests_total()}
    assert routes == {ROUTE, UNMATCHED}
    assert methods <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "_OTHER"}


def test_the_histogram_has_exactly_the_edges_of_the_contract(app: RunningApp) -> None:
    app.request()
    bucket = 'http_request_duration_seconds_bucket{le="'
    edges = [
        line.removeprefix(bucket).split('"')[0]
        for line in app.request("/metrics").body.decode().splitlines()
        if line.startswith(bucket) and f'method="GET",route="{ROUTE}"' in line
    ]
    assert [float(edge) for edge in edges] == [
        *(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5),
        float("inf"),
    ]


def test_speaks_openmetrics_to_a_scraper_that_asks_for_it(app: RunningApp) -> None:
    answer = app.request("/metrics", headers=OPENMETRICS)
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.body.endswith(b"# EOF\n")
    assert app.request("/metrics").headers["content-type"].startswith("text/plain; version=")


def test_an_exemplar_leads_from_the_bucket_to_the_span(app: RunningApp) -> None:
    answer = app.request()
    _, trace_id, span_id, _ = answer.headers["traceparent"].split("-")
    exemplar = f'# {{span_id="{span_id}",trace_id="{trace_id}"}} '
    text = app.request("/metrics", headers=OPENMETRICS).body.decode()
    [line] = [line for line in text.splitlines() if exemplar in line]
    assert line.startswith("http_request_duration_seconds_bucket{le=")
    assert f'method="GET",route="{ROUTE}"}}' in line


def test_the_plain_text_format_has_no_exemplars(app: RunningApp) -> None:
    app.request()
    plain = app.request("/metrics").body.decode()
    assert "http_request_duration_seconds_bucket{" in plain
    assert "trace_id" not in plain


def test_a_request_whose_span_is_not_exported_is_no_exemplar(fresh_app: RunningApp) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    fresh_app.request(headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-00"})
    text = fresh_app.request("/metrics", headers=OPENMETRICS).body.decode()
    assert f'http_request_duration_seconds_count{{method="GET",route="{ROUTE}"}} 1.0' in text
    assert "trace_id" not in text


def test_what_becomes_of_spans_starts_at_zero(fresh_app: RunningApp) -> None:
    assert fresh_app.spans_total() == {"ended": 0, "exported": 0, "dropped": 0}
    fresh_app.request()
    fresh_app.request("/healthz")
    assert fresh_app.spans_total() == {"ended": 1, "exported": 0, "dropped": 0}
