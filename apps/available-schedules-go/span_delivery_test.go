package main

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// never is longer than any test: what is exported was not exported by the schedule.
const never = "OTEL_BSP_SCHEDULE_DELAY=3600000"

type spansTotal struct{ ended, exported, dropped int }

// spansTotal is what the app says has become of its spans.
func (a *runningApp) spansTotal() spansTotal {
	a.t.Helper()
	var seen spansTotal
	parts := map[string]*int{"ended": &seen.ended, "exported": &seen.exported, "dropped": &seen.dropped}
	found := 0
	for line := range strings.Lines(a.request("GET", "/metrics", nil).body) {
		rest, is := strings.CutPrefix(line, "otel_spans_")
		if name, value, _ := strings.Cut(rest, "_total "); is && parts[name] != nil {
			if _, err := fmt.Sscan(value, parts[name]); err != nil {
				a.t.Fatalf("%s: %v", line, err)
			}
			found++
		}
	}
	if found != len(parts) {
		a.t.Fatalf("expected %d counters of spans, saw %d", len(parts), found)
	}
	return seen
}

// waitForSpans waits until the counters are as expected.
func (a *runningApp) waitForSpans(expected spansTotal) {
	a.t.Helper()
	deadline := time.Now().Add(answerIn)
	seen := a.spansTotal()
	for seen != expected {
		if time.Now().After(deadline) {
			a.t.Fatalf("expected %+v within %s, last seen %+v: %s", expected, answerIn, seen, a.errors())
		}
		time.Sleep(askEvery)
		seen = a.spansTotal()
	}
}

// blackHole accepts connections and never answers.
func blackHole(t *testing.T) (endpoint string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return "OTEL_EXPORTER_OTLP_ENDPOINT=http://" + listener.Addr().String()
}

func TestSpansAreExportedBySchedule(t *testing.T) {
	collector := startCollector(t, 0)
	app := startApp(t, collector.endpoint, "OTEL_BSP_SCHEDULE_DELAY=20")
	if seen := app.spansTotal(); seen != (spansTotal{}) {
		t.Errorf("expected every counter to start at 0, seen %+v", seen)
	}
	app.get()
	app.get()
	if seen := app.spansTotal().ended; seen != 2 {
		t.Errorf("expected both spans to have ended before their answers had arrived, seen %d", seen)
	}
	app.waitForSpans(spansTotal{ended: 2, exported: 2})
	if seen := len(collector.spans()); seen != 2 {
		t.Errorf("expected 2 spans, seen %d", seen)
	}
}

func TestAFullBatchIsExportedAtOnce(t *testing.T) {
	collector := startCollector(t, 0)
	app := startApp(t, collector.endpoint, never, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=3")
	for range 4 {
		app.get()
	}
	app.waitForSpans(spansTotal{ended: 4, exported: 3})
}

func TestSpansAreDeliveredAtTheEnd(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		collector := startCollector(t, 0)
		app := startApp(t, collector.endpoint, never)
		for range 3 {
			app.get()
		}
		if seen := len(collector.spans()); seen != 0 {
			t.Errorf("expected no span before the end, seen %d", seen)
		}
		if code := app.end(signal); code != 0 {
			t.Errorf("expected exit code 0, seen %d: %s", code, app.errors())
		}
		if seen := len(collector.spans()); seen != 3 {
			t.Errorf("%s: expected 3 spans, seen %d: %s", signal, seen, app.errors())
		}
		if strings.Contains(app.errors(), "spans") {
			t.Errorf("expected no word of spans, seen %q", app.errors())
		}
	}
}

func TestARequestThatIsCutOffCostsOthersNoSpan(t *testing.T) {
	collector := startCollector(t, 0)
	app := startApp(t, collector.endpoint, never, "AVAILABLE_SCHEDULES_RUN=500ms")
	app.get()
	fault := app.startFault(`"latency_ms":60000,"count":1`)
	go func() { _, _ = exchange(app.address, "GET", route, nil, "") }()
	for app.reportOf(fault).Injected == 0 {
		time.Sleep(askEvery)
	}
	app.end(syscall.SIGTERM)
	if seen := attributes(collector.onlySpan().Attributes)["http.response.status_code"]; seen != int64(200) {
		t.Errorf("expected the span of the request that was answered, seen %v", seen)
	}
}

func TestABatchThatIsRefusedForTheMomentIsSentAgain(t *testing.T) {
	collector := startCollector(t, 1)
	app := startApp(t, collector.endpoint, never)
	app.get()
	app.end(syscall.SIGTERM)
	if seen := collector.onlySpan().Name; seen != "GET "+route || collector.refused != 1 {
		t.Errorf("expected one refusal and the span, seen %d and %s: %s", collector.refused, seen, app.errors())
	}
}

func TestWithoutACollectorSpansHaveIDsAndGoNowhere(t *testing.T) {
	app := startApp(t)
	seen := app.get().header.Get("traceparent")
	if line := app.onlyLogLine(); seen != "00-"+line.TraceID+"-"+line.SpanID+"-01" {
		t.Errorf("expected the ids of the line, seen %s, logged %s and %s", seen, line.TraceID, line.SpanID)
	}
	if seen := app.spansTotal(); seen != (spansTotal{ended: 1}) {
		t.Errorf("expected one ended span, seen %+v", seen)
	}
}

func TestACollectorThatIsNotThereCostsSpansAndNoRequest(t *testing.T) {
	app := startApp(t, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:"+freePorts(t, 1)[0], "OTEL_BSP_SCHEDULE_DELAY=10")
	for number := range 3 {
		if seen := app.get().status; seen != 200 {
			t.Errorf("expected 200, seen %d", seen)
		}
		app.waitForSpans(spansTotal{ended: number + 1, dropped: number + 1})
	}
	if code := app.end(syscall.SIGTERM); code != 0 {
		t.Errorf("expected exit code 0, seen %d: %s", code, app.errors())
	}
	if seen := app.errors(); strings.Count(seen, "tracing: ") != 1 || !strings.Contains(seen, "refused") ||
		!strings.HasSuffix(seen, "available-schedules-go: 3 of 3 spans could not be exported and are lost\n") {
		t.Errorf("expected one line for three lost batches and one at the end, seen %q", seen)
	}
}

func TestACollectorThatNeverAnswersCostsSpansAndNoRequest(t *testing.T) {
	app := startApp(t, blackHole(t), "AVAILABLE_SCHEDULES_RUN=300ms",
		"OTEL_BSP_MAX_QUEUE_SIZE=8", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=4")
	if seen := statuses(t, app, 48); seen[200] != 48 {
		t.Errorf("expected 48 of 200, seen %v", seen)
	}
	if seen := app.spansTotal(); seen != (spansTotal{ended: 48, dropped: 40}) {
		t.Errorf("expected 40 of 48 spans to be dropped and 8 to be pending, seen %+v", seen)
	}
	stopped := time.Now()
	if code := app.end(syscall.SIGTERM); code != 0 {
		t.Errorf("expected exit code 0, seen %d: %s", code, app.errors())
	}
	if took := time.Since(stopped); took < 300*time.Millisecond {
		t.Errorf("expected the whole bound to be used, seen %s", took)
	}
	for _, said := range []string{"the queue of spans is full", "48 of 48 spans could not be exported and are lost\n"} {
		if seen := app.errors(); strings.Count(seen, said) != 1 {
			t.Errorf("expected %q once, seen %q", said, seen)
		}
	}
}

func TestDoesNotStartWithWrongSettingsOfTracing(t *testing.T) {
	for variable, said := range map[string]string{
		"OTEL_PROPAGATORS=b3":           "OTEL_PROPAGATORS must be tracecontext or none, but is 'b3'",
		"OTEL_RESOURCE_ATTRIBUTES=a,b=": "OTEL_RESOURCE_ATTRIBUTES must be name=value pairs",
	} {
		code, _, stderr := ended(t, variable)
		if code != 2 || !strings.Contains(stderr, said) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: expected 2 and %q, seen %d and %q", variable, said, code, stderr)
		}
	}
}
