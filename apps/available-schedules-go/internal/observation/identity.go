package observation

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
)

var (
	requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	// version, trace id, parent id, flags, and what a later version may append.
	traceparentPattern = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$`)
)

// Identity is by what names a request is known: its own, and its place in a W3C trace.
type Identity struct {
	RequestID string
	TraceID   string
	SpanID    string
	Flags     string
}

// Identify takes over a valid X-Request-Id and traceparent; what is missing or invalid is made anew.
func Identify(header http.Header) Identity {
	requestID := only(header, "X-Request-Id")
	if !requestIDPattern.MatchString(requestID) {
		requestID = randomHex(16)
	}
	traceID, flags := trace(only(header, "Traceparent"))
	return Identity{requestID, traceID, randomHex(8), flags}
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

func trace(traceparent string) (traceID, flags string) {
	found := traceparentPattern.FindStringSubmatch(traceparent)
	// A later version may append fields, version 00 may not; ff and all-zero ids are never valid.
	if found == nil || found[1] == "ff" || (found[1] == "00" && found[5] != "") ||
		found[2] == strings.Repeat("0", 32) || found[3] == strings.Repeat("0", 16) {
		return randomHex(16), "00"
	}
	return found[2], found[4]
}

func randomHex(sizeBytes int) string {
	random := make([]byte, sizeBytes)
	// rand.Read never fails: it ends the process where the system has no randomness.
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}
