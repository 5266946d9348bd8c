package observation

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"

	"go.opentelemetry.io/otel/trace"
)

var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Identity is by what names a request is known: its own, and its place in a W3C trace.
type Identity struct {
	RequestID string
	TraceID   string
	SpanID    string
	Flags     string
}

// Identify takes over a valid X-Request-Id, and makes a new one for a missing or invalid one. The rest is the span's,
// sampled or not.
func Identify(header http.Header, span trace.SpanContext) Identity {
	requestID := only(header, "X-Request-Id")
	if !requestIDPattern.MatchString(requestID) {
		requestID = randomHex(16)
	}
	return Identity{requestID, span.TraceID().String(), span.SpanID().String(), span.TraceFlags().String()}
}

// Traceparent is what the response carries: the trace of the request, the span of this app.
func (i Identity) Traceparent() string {
	return "00-" + i.TraceID + "-" + i.SpanID + "-" + i.Flags
}

// AddTo sets the response headers by which a client can name the request.
func (i Identity) AddTo(header http.Header) {
	header.Set("X-Request-Id", i.RequestID)
	header.Set("Traceparent", i.Traceparent())
}

func only(header http.Header, name string) string {
	if values := header[name]; len(values) == 1 {
		return values[0]
	}
	return ""
}

func randomHex(sizeBytes int) string {
	random := make([]byte, sizeBytes)
	// rand.Read never fails: it ends the process where the system has no randomness.
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}
