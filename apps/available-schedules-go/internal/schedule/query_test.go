package schedule

import (
	"reflect"
	"testing"
	"time"
)

const goodQuery = "professional_id=ana&start=2026-11-23&end=2026-11-27"

func date(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(dayLayout, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func TestReadsAGoodQuery(t *testing.T) {
	query, errors := ParseQuery(goodQuery+"&unit_id=baixa", date(t, "2026-01-01"), date(t, "2027-12-31"))
	expected := Query{"ana", date(t, "2026-11-23"), date(t, "2026-11-27"), "baixa"}
	if errors != nil || query != expected {
		t.Errorf("expected %v, seen %v and %v", expected, query, errors)
	}
}

func TestRefusesRawBytesThatNoRequestLineMayHave(t *testing.T) {
	expected := []QueryError{{nil, "malformed_query", "pair 4 of the query must be percent-encoded UTF-8"}}
	for _, raw := range []string{"é", "\x00", "\x7f", " ", "a\n"} {
		_, errors := ParseQuery(goodQuery+"&unit_id="+raw, date(t, "2026-01-01"), date(t, "2027-12-31"))
		if !reflect.DeepEqual(errors, expected) {
			t.Errorf("%q: expected %v, seen %v", raw, expected, errors)
		}
	}
}

func TestThePeriodIsThatOfTheDataNotAFixedOne(t *testing.T) {
	_, errors := ParseQuery(goodQuery, date(t, "2026-11-24"), date(t, "2026-11-26"))
	start, end := "start", "end"
	expected := []QueryError{
		{&start, "outside_period", "must be a day from 2026-11-24 to 2026-11-26"},
		{&end, "outside_period", "must be a day from 2026-11-24 to 2026-11-26"},
	}
	if !reflect.DeepEqual(errors, expected) {
		t.Errorf("expected %v, seen %v", expected, errors)
	}
}
