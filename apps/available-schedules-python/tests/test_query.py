from datetime import date

from available_schedules.schedule.query import QueryError, ScheduleQuery, parse_query

PERIOD = date(2026, 1, 1), date(2027, 12, 31)
GOOD = b"professional_id=ana&start=2026-11-23&end=2026-11-27"


def test_reads_a_good_query() -> None:
    assert parse_query(GOOD + b"&unit_id=baixa", *PERIOD) == ScheduleQuery(
        "ana", date(2026, 11, 23), date(2026, 11, 27), "baixa"
    )


def test_a_unit_that_is_not_asked_for_is_none() -> None:
    query = parse_query(GOOD, *PERIOD)
    assert isinstance(query, ScheduleQuery)
    assert query.unit_id is None


def test_refuses_raw_bytes_that_no_request_line_may_have() -> None:
    for raw in (b"\xc3\xa9", b"\x00", b"\x7f", b" "):
        assert parse_query(GOOD + b"&unit_id=" + raw, *PERIOD) == [
            QueryError(None, "malformed_query", "pair 4 of the query must be percent-encoded UTF-8")
        ]


def test_the_period_is_that_of_the_data_not_a_fixed_one() -> None:
    assert parse_query(GOOD, date(2026, 11, 24), date(2026, 11, 26)) == [
        QueryError("start", "outside_period", "must be a day from 2026-11-24 to 2026-11-26"),
        QueryError("end", "outside_period", "must be a day from 2026-11-24 to 2026-11-26"),
    ]
