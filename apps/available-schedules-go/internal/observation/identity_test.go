package observation

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"
)

func TestTakesOverAValidRequestIDAndNoOther(t *testing.T) {
	for _, id := range []string{"a", "A.b_c-9", strings.Repeat("x", 64)} {
		if seen := Identify(http.Header{"X-Request-Id": {id}}, trace.SpanContext{}).RequestID; seen != id {
			t.Errorf("expected %q, seen %q", id, seen)
		}
	}
	made := regexp.MustCompile(`^[0-9a-f]{32}$`)
	for _, id := range []string{"", strings.Repeat("x", 65), "a b", "é", "a\n", `"`, "a/b"} {
		if seen := Identify(http.Header{"X-Request-Id": {id}}, trace.SpanContext{}).RequestID; !made.MatchString(seen) {
			t.Errorf("%q: expected a new one, seen %q", id, seen)
		}
	}
}

func TestNoTwoRequestsHaveTheSameRequestID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		seen[Identify(http.Header{}, trace.SpanContext{}).RequestID] = true
	}
	if len(seen) != 1000 {
		t.Errorf("expected 1000 ids, seen %d", len(seen))
	}
}
