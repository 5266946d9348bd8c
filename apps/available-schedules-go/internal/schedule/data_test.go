package schedule

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const contractFile = "../../../contract/schedules.json"

func contractSchedules(t *testing.T) *Schedules {
	t.Helper()
	schedules, err := Load(contractFile)
	if err != nil {
		t.Fatal(err)
	}
	return schedules
}

func TestTheContractsFileIsAccepted(t *testing.T) {
	schedules := contractSchedules(t)
	if len(schedules.Units) != 3 || len(schedules.Professionals) != 5 {
		t.Errorf("expected 3 units and 5 professionals, seen %d and %d", len(schedules.Units), len(schedules.Professionals))
	}
}

func TestATimeOnAClockChangeHasTheOffsetBeforeIt(t *testing.T) {
	schedules := contractSchedules(t)
	for _, row := range []struct{ why, local, utc string }{
		{"before the change in spring", "2026-03-29T00:59", "2026-03-29T00:59"},
		{"skipped", "2026-03-29T01:00", "2026-03-29T01:00"},
		{"skipped", "2026-03-29T01:30", "2026-03-29T01:30"},
		{"after the change in spring", "2026-03-29T02:00", "2026-03-29T01:00"},
		{"before the change in autumn", "2026-10-25T00:59", "2026-10-24T23:59"},
		{"twice", "2026-10-25T01:00", "2026-10-25T00:00"},
		{"twice", "2026-10-25T01:59", "2026-10-25T00:59"},
		{"after the change in autumn", "2026-10-25T02:00", "2026-10-25T02:00"},
		{"the evening before", "2026-10-24T23:00", "2026-10-24T22:00"},
		{"the evening after", "2026-10-25T23:00", "2026-10-25T23:00"},
	} {
		local, err := time.Parse(localLayout, row.local)
		if err != nil {
			t.Fatal(err)
		}
		if seen := schedules.instant(local).UTC().Format(localLayout); seen != row.utc {
			t.Errorf("%s, %s: expected %s UTC, seen %s", row.local, row.why, row.utc, seen)
		}
	}
}

func TestRefusesAFileAndSaysWhereItIsWrong(t *testing.T) {
	good, err := os.ReadFile(contractFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ old, changed, said string }{
		{string(good), "{", "the whole file: unexpected EOF"},
		{string(good), string(good) + "{}", "the whole file: something stands after"},
		{string(good), "{}", "valid_from: must have the form YYYY-MM-DD"},
		{`"clinic":`, `"surprise": 1, "clinic":`, `unknown field "surprise"`},
		{`"id": "alvalade"`, `"id": "baixa"`, "units.1.id: must not be there twice"},
		{`"id": "joao-simoes"`, `"id": "ana-duarte"`, "professionals.1.id: must not be there twice"},
		{`{ "id": "baixa", "name": "Baixa" },`, "", "holidays.1.unit_ids: must be listed in units"},
		{`"valid_from": "2026-01-01"`, `"valid_from": "2028-01-01"`, "valid_from: must not be after valid_until"},
		{`"valid_from": "2026-01-01"`, `"valid_from": "2026-02-30"`, "valid_from: must have the form YYYY-MM-DD"},
		{"Europe/Lisbon", "Europe/Nowhere", "clinic.timezone: must be a name"},
		{"Europe/Lisbon", "../../etc/passwd", "clinic.timezone: must be a name"},
		{`"from": "09:00"`, `"from": "9:00"`, "professionals.0.hours.0.from: must have the form HH:MM"},
		{`"until": "12:30"`, `"until": "09:00"`, "professionals.0.hours.0: from must be before until"},
		{`"weekday": "monday"`, `"weekday": "Monday"`, "professionals.0.hours.0.weekday: must be one of"},
		{`"slot_minutes": 20`, `"slot_minutes": 0`, "professionals.0.slot_minutes: must be from 1 to 1440"},
		{`"start": "2026-11-16T15:40"`, `"start": "2026-11-16T24:61"`, "professionals.0.bookings.0.start: "},
		{`"end": "2026-11-16T16:00"`, `"end": "2026-11-16T15:40"`, "professionals.0.bookings.0: start must be before end"},
	} {
		path := filepath.Join(t.TempDir(), "schedules.json")
		wrong := strings.Replace(string(good), row.old, row.changed, 1)
		if wrong == string(good) {
			t.Fatalf("%q is not in the contract's file", row.old)
		}
		if err := os.WriteFile(path, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), row.said) {
			t.Errorf("expected %q, seen %v", row.said, err)
		}
	}
}

func TestSaysWhichFileIsNotThere(t *testing.T) {
	_, err := Load("nothing.json")
	if expected := "nothing.json cannot be read: no such file or directory"; err == nil || err.Error() != expected {
		t.Errorf("expected %q, seen %v", expected, err)
	}
}
