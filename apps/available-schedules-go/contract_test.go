package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// contractCase is one row of the contract's tables.
type contractCase struct {
	Claim   string
	Method  string
	Path    string
	Query   string
	Request string
	Status  int
	Headers map[string]string
	Body    string
}

func readCases(t *testing.T, name string) []contractCase {
	t.Helper()
	text, err := os.ReadFile("../contract/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Cases []contractCase }
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(text), "{version}", "v2")), &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Cases) == 0 {
		t.Fatalf("%s has no cases", name)
	}
	return table.Cases
}

// differences says in words what of the answer is not as the case has it.
func differences(expected contractCase, seen answer) []string {
	var found []string
	note := func(part string, expected, seen any) {
		if expected != seen {
			found = append(found, fmt.Sprintf("%s: expected %q, seen %q", part, fmt.Sprint(expected), fmt.Sprint(seen)))
		}
	}
	note("status", expected.Status, seen.status)
	for name, value := range expected.Headers {
		note(name, value, seen.header.Get(name))
	}
	note("body", expected.Body, seen.body)
	return found
}

func TestAnswersToTheLetter(t *testing.T) {
	app := startApp(t)
	for _, row := range readCases(t, "cases.json") {
		t.Run(row.Claim, func(t *testing.T) {
			target := row.Path
			if row.Query != "" {
				target += "?" + row.Query
			}
			method := row.Method
			if method == "" {
				method = http.MethodGet
			}
			for _, difference := range differences(row, app.request(method, target, nil)) {
				t.Error(difference)
			}
		})
	}
}

func TestRefusesAFaultToTheLetterAndStartsNone(t *testing.T) {
	app := startApp(t)
	for _, row := range readCases(t, "fault-switch-cases.json") {
		t.Run(row.Claim, func(t *testing.T) {
			row.Headers = map[string]string{"Content-Type": "application/problem+json"}
			for _, difference := range differences(row, app.fault("POST", "/faults", row.Request)) {
				t.Error(difference)
			}
		})
	}
	if list := app.fault("GET", "/faults", "").body; list != `{"faults":[]}` {
		t.Errorf("a refused fault was started: %s", list)
	}
}

func TestSeesOneWrongByteAWrongStatusAndAMissingHeader(t *testing.T) {
	row := readCases(t, "cases.json")[0]
	header := http.Header{}
	for name, value := range row.Headers {
		header.Set(name, value)
	}
	if found := differences(row, answer{row.Status, header, row.Body}); found != nil {
		t.Errorf("the right answer is said to differ: %q", found)
	}
	wrong := differences(row, answer{201, http.Header{}, strings.Replace(row.Body, ":", ": ", 1)})
	var parts []string
	for _, difference := range wrong {
		part, _, _ := strings.Cut(difference, ":")
		parts = append(parts, part)
	}
	slices.Sort(parts)
	if expected := []string{"body", "content-length", "content-type", "status"}; !slices.Equal(parts, expected) {
		t.Errorf("expected differences in %q, seen in %q", expected, parts)
	}
}
