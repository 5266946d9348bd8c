package observation

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

const (
	traceID  = "4bf92f3577b34da6a3ce929d0e0e4736"
	parentID = "00f067aa0ba902b7"
)

func TestTakesOverAValidTraceWithASpanOfItsOwn(t *testing.T) {
	for traceparent, flags := range map[string]string{
		"00-" + traceID + "-" + parentID + "-01":                  "01",
		"00-" + traceID + "-" + parentID + "-00":                  "00",
		"cc-" + traceID + "-" + parentID + "-01-what-comes-later": "01",
	} {
		identity := Identify(http.Header{"Traceparent": {traceparent}})
		expected := "00-" + traceID + "-" + identity.SpanID + "-" + flags
		if identity.SpanID == parentID || identity.Traceparent() != expected {
			t.Errorf("%s: expected %s, seen %s", traceparent, expected, identity.Traceparent())
		}
	}
}

func TestStartsANewTraceForAnInvalidOne(t *testing.T) {
	made := regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-00$`)
	for _, traceparents := range [][]string{
		{},
		{""},
		{"00"},
		{"00-" + traceID + "-" + parentID},
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
	} {
		identity := Identify(http.Header{"Traceparent": traceparents})
		if identity.TraceID == traceID || !made.MatchString(identity.Traceparent()) {
			t.Errorf("%q: expected a new trace, seen %s", traceparents, identity.Traceparent())
		}
	}
}

func TestTakesOverAValidRequestIDAndNoOther(t *testing.T) {
	for _, id := range []string{"a", "A.b_c-9", strings.Repeat("x", 64)} {
		if seen := Identify(http.Header{"X-Request-Id": {id}}).RequestID; seen != id {
			t.Errorf("expected %q, seen %q", id, seen)
		}
	}
	made := regexp.MustCompile(`^[0-9a-f]{32}$`)
	for _, id := range []string{"", strings.Repeat("x", 65), "a b", "é", "a\n", `"`, "a/b"} {
		if seen := Identify(http.Header{"X-Request-Id": {id}}).RequestID; !made.MatchString(seen) {
			t.Errorf("%q: expected a new one, seen %q", id, seen)
		}
	}
}

func TestNoTwoRequestsHaveTheSameIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		identity := Identify(http.Header{})
		seen[identity.RequestID], seen[identity.TraceID], seen[identity.SpanID] = true, true, true
	}
	if len(seen) != 3000 {
		t.Errorf("expected 3000 ids, seen %d", len(seen))
	}
}
