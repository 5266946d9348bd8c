package main

import "testing"

func TestEveryAnswerCarriesWhatItsLogLineSays(t *testing.T) {
	app := startApp(t)
	const traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	for _, target := range []string{route, "/nothing"} {
		seen := app.request("GET", target, map[string]string{
			"X-Request-Id": "my-request",
			"traceparent":  "00-" + traceID + "-00f067aa0ba902b7-01",
		})
		line := app.onlyLogLine()
		if seen.header.Get("X-Request-Id") != "my-request" || line.RequestID != "my-request" {
			t.Errorf("expected my-request in both, seen %q and %q", seen.header.Get("X-Request-Id"), line.RequestID)
		}
		expected := "00-" + traceID + "-" + line.SpanID + "-01"
		if seen.header.Get("traceparent") != expected || line.TraceID != traceID {
			t.Errorf("expected %s, seen %s, logged %s", expected, seen.header.Get("traceparent"), line.TraceID)
		}
	}
}
