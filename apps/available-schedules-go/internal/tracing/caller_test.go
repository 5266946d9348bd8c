package tracing

import (
	"net/http"
	"strings"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/signalproof/available-schedules-go/internal/process"
)

const (
	traceID  = "4bf92f3577b34da6a3ce929d0e0e4736"
	parentID = "00f067aa0ba902b7"
)

// parentBasedAlwaysOn are the settings of an app without any variable.
var parentBasedAlwaysOn = process.TracingSettings{Propagate: true, Sampler: process.AlwaysOn, ParentBased: true}

func started(t *testing.T, settings process.TracingSettings, header http.Header) trace.Span {
	t.Helper()
	traces, err := New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return traces.StartServer(CallerOf(header), "GET /", time.Now())
}

func TestTakesOverAValidTraceWithASpanOfItsOwn(t *testing.T) {
	for traceparent, flags := range map[string]string{
		"00-" + traceID + "-" + parentID + "-01":                  "01",
		"00-" + traceID + "-" + parentID + "-00":                  "00",
		"00-" + traceID + "-" + parentID + "-03":                  "03",
		"00-" + traceID + "-" + parentID + "-fd":                  "01",
		"cc-" + traceID + "-" + parentID + "-01-what-comes-later": "01",
		"cc-" + traceID + "-" + parentID + "-08":                  "00",
	} {
		seen := started(t, parentBasedAlwaysOn, http.Header{"Traceparent": {traceparent}}).SpanContext()
		if seen.TraceID().String() != traceID || seen.SpanID().String() == parentID || !seen.SpanID().IsValid() ||
			seen.TraceFlags().String() != flags {
			t.Errorf("%s: expected the trace, another span and %s, seen %+v", traceparent, flags, seen)
		}
	}
}

// No caller's header, as it is invalid.
var invalid = [][]string{
	{},
	{""},
	{"00"},
	{"00-" + traceID + "-" + parentID},
	{"00-" + traceID + "-" + parentID + "-01-"},
	{"00-" + traceID + "-" + parentID + "-01-more"},
	{"ff-" + traceID + "-" + parentID + "-01"},
	{"00-" + strings.Repeat("0", 32) + "-" + parentID + "-01"},
	{"00-" + traceID + "-" + strings.Repeat("0", 16) + "-01"},
	{"00-" + strings.ToUpper(traceID) + "-" + parentID + "-01"},
	{"00-" + traceID[1:] + "-" + parentID + "-01"},
	{"00-" + traceID + "-" + parentID + "-0g"},
	{"cc-" + traceID + "-" + parentID + "-01what-comes-later"},
	{"00-" + traceID + "-" + parentID + "-01\n"},
	{"00-" + traceID + "-" + parentID + "-01", "00-" + traceID + "-" + parentID + "-01"},
}

func TestStartsANewSampledTraceForAnInvalidOne(t *testing.T) {
	for _, traceparents := range invalid {
		seen := started(t, parentBasedAlwaysOn, http.Header{"Traceparent": traceparents})
		context := seen.SpanContext()
		if context.TraceID().String() == traceID || !context.IsValid() || context.TraceFlags().String() != "01" {
			t.Errorf("%q: expected a new trace with 01, seen %+v", traceparents, context)
		}
		if parent := seen.(sdktrace.ReadOnlySpan).Parent(); parent.IsValid() {
			t.Errorf("%q: expected no parent, seen %+v", traceparents, parent)
		}
	}
}

func TestTheCallersSpanIsTheParentAndItsStateGoesOn(t *testing.T) {
	span := started(t, parentBasedAlwaysOn, http.Header{
		"Traceparent": {"00-" + traceID + "-" + parentID + "-01"},
		"Tracestate":  {"a=1", "b=2"},
	}).(sdktrace.ReadOnlySpan)
	if parent := span.Parent(); parent.SpanID().String() != parentID || !parent.IsRemote() {
		t.Errorf("expected the remote parent %s, seen %+v", parentID, parent)
	}
	if state := span.SpanContext().TraceState().String(); state != "a=1,b=2" {
		t.Errorf("expected a=1,b=2, seen %q", state)
	}
}

func TestWithoutPropagationACallerIsIgnored(t *testing.T) {
	settings := parentBasedAlwaysOn
	settings.Propagate = false
	seen := started(t, settings, http.Header{"Traceparent": {"00-" + traceID + "-" + parentID + "-00"}}).SpanContext()
	if seen.TraceID().String() == traceID || seen.TraceFlags().String() != "01" {
		t.Errorf("expected a new sampled trace, seen %+v", seen)
	}
}

func TestAnUnsampledSpanHasIDsOfItsOwnToo(t *testing.T) {
	settings := parentBasedAlwaysOn
	settings.Sampler = process.AlwaysOff
	first, second := started(t, settings, nil).SpanContext(), started(t, settings, nil).SpanContext()
	if !first.IsValid() || first.TraceID() == second.TraceID() || first.SpanID() == second.SpanID() || first.IsSampled() {
		t.Errorf("expected two unsampled spans with other ids, seen %+v and %+v", first, second)
	}
}

func TestEverySamplerDecidesAsItsNameSays(t *testing.T) {
	sampled := "00-" + traceID + "-" + parentID + "-01"
	unsampled := "00-" + traceID + "-" + parentID + "-00"
	for _, row := range []struct {
		sampler     process.Sampler
		ratio       float64
		parentBased bool
		traceparent string
		sampled     bool
	}{
		{process.AlwaysOn, 0, false, unsampled, true},
		{process.AlwaysOn, 0, true, unsampled, false},
		{process.AlwaysOff, 0, false, sampled, false},
		{process.AlwaysOff, 0, true, sampled, true},
		{process.AlwaysOff, 0, true, "", false},
		{process.Ratio, 0, false, sampled, false},
		{process.Ratio, 1, false, unsampled, true},
		{process.Ratio, 0, true, sampled, true},
		{process.Ratio, 0, true, "", false},
		{process.Ratio, 1, true, "", true},
	} {
		settings := process.TracingSettings{
			Propagate: true, Sampler: row.sampler, SampledRatio: row.ratio, ParentBased: row.parentBased,
		}
		header := http.Header{"Traceparent": {row.traceparent}}
		if seen := started(t, settings, header).SpanContext().IsSampled(); seen != row.sampled {
			t.Errorf("%+v: seen %t", row, seen)
		}
	}
}
