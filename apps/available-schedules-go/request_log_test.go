package main

import (
	"regexp"
	"strings"
	"syscall"
	"testing"
)

var (
	fieldPattern = regexp.MustCompile(`[{,]"([a-z_]+)":`)
	timePattern  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`)
)

func TestWritesExactlyOneLineBeforeTheAnswerHasArrived(t *testing.T) {
	app := startApp(t)
	for range 20 {
		app.get()
		line := app.onlyLogLine()
		if !timePattern.MatchString(line.Time) || line.DurationSeconds <= 0 || line.DurationSeconds > 30 {
			t.Errorf("expected a time with microseconds and a duration, seen %q and %v", line.Time, line.DurationSeconds)
		}
		line.Time, line.DurationSeconds, line.RequestID, line.TraceID, line.SpanID = "", 0, "", "", ""
		expected := logLine{
			Level: "info", Msg: "request", Method: "GET", Route: route, Path: route, Query: goodQuery, Status: 200,
		}
		if line != expected {
			t.Errorf("expected %+v, seen %+v", expected, line)
		}
	}
}

func TestTheFieldsStandInTheOrderOfTheContract(t *testing.T) {
	app := startApp(t)
	app.request("GET", "/x", nil)
	lines := app.newLogLines()
	var fields []string
	for _, found := range fieldPattern.FindAllStringSubmatch(strings.Join(lines, ""), -1) {
		fields = append(fields, found[1])
	}
	expected := "time level msg method route path query status duration_seconds request_id trace_id span_id"
	if seen := strings.Join(fields, " "); seen != expected {
		t.Errorf("expected %s, seen %s", expected, seen)
	}
}

func TestTheLineOfAHeadIsThereWhenItsAnswerIs(t *testing.T) {
	app := startApp(t)
	for query, level := range map[string]string{goodQuery: "info", "": "warn"} {
		app.request("HEAD", route+"?"+query, nil)
		if line := app.onlyLogLine(); line.Method != "HEAD" || line.Level != level || line.Query != query {
			t.Errorf("expected HEAD, %s and %q, seen %+v", level, query, line)
		}
	}
}

func TestWritesOneLineOfASCIIForAHostileRequest(t *testing.T) {
	app := startApp(t)
	for _, row := range []struct{ target, path, query string }{
		{"/%0A%22%7D%0D%00%1b%7f", "/\n\"}\r\x00\x1b\x7f", ""},
		{`/"}`, `/"}`, ""},
		{"/%F0%9F%98%80%E2%80%A8", "/\U0001f600\u2028", ""},
		{`/%5Cn\n`, `/\n\n`, ""},
		{`/x?a=%0A&b="'\`, "/x", `a=%0A&b="'\`},
		{"/x??", "/x", "?"},
		{"/x?", "/x", ""},
		{"/x#y", "/x#y", ""},
		{"/%FF", "/\ufffd", ""},
	} {
		t.Run(row.target, func(t *testing.T) {
			app.request("GET", row.target, nil)
			lines := app.newLogLines()
			if len(lines) != 1 || strings.ContainsFunc(strings.TrimSuffix(lines[0], "\n"), notPrintableASCII) {
				t.Fatalf("expected one line of printable ASCII, seen %q", lines)
			}
			line := parsed[logLine](t, lines[0])
			if line.Path != row.path || line.Query != row.query || line.Route != "<unmatched>" {
				t.Errorf("expected %q and %q, seen %+v", row.path, row.query, line)
			}
		})
	}
}

func notPrintableASCII(char rune) bool {
	return char < 0x20 || char > 0x7e
}

func TestAServerErrorIsAnError(t *testing.T) {
	app := startApp(t)
	app.startFault(`"status":503,"count":1`)
	app.get()
	if line := app.onlyLogLine(); line.Status != 503 || line.Level != "error" {
		t.Errorf("expected 503 and error, seen %+v", line)
	}
}

func TestNothingElseIsOnStandardOutput(t *testing.T) {
	app := startApp(t)
	app.get()
	app.fault("GET", "/faults", "")
	_, _ = exchange(app.address, "this is", "not HTTP", nil, "")
	if code := app.end(syscall.SIGTERM); code != 0 {
		t.Errorf("expected exit code 0, seen %d", code)
	}
	if lines := app.newLogLines(); len(lines) != 1 {
		t.Errorf("expected the one line of the request, seen %q", lines)
	}
}
