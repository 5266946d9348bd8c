package tracing

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/propagation"
)

// version, trace id, parent id, flags, and what a later version may append.
var traceparentPattern = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$`)

// Of the flags, these are defined: sampled and random. The others are to be ignored, and not to be sent on.
const knownFlags = 0x03

// Caller is what the header of a request says of its place in a trace.
type Caller struct {
	traceparents []string
	tracestates  []string
}

// CallerOf takes the W3C headers as they came.
func CallerOf(header http.Header) Caller {
	return Caller{header["Traceparent"], header["Tracestate"]}
}

// carrier is empty unless the caller is valid. The SDK's propagator alone would take the first of several headers and
// one that ends in a dash, and would start a new trace for a flag that it does not know.
func (c Caller) carrier() propagation.MapCarrier {
	if len(c.traceparents) != 1 {
		return nil
	}
	found := traceparentPattern.FindStringSubmatch(c.traceparents[0])
	// A later version may append fields, version 00 may not; ff and all-zero ids are never valid.
	if found == nil || found[1] == "ff" || (found[1] == "00" && found[5] != "") ||
		found[2] == strings.Repeat("0", 32) || found[3] == strings.Repeat("0", 16) {
		return nil
	}
	flags, err := strconv.ParseUint(found[4], 16, 8)
	if err != nil {
		return nil
	}
	return propagation.MapCarrier{
		"traceparent": fmt.Sprintf("00-%s-%s-%02x", found[2], found[3], flags&knownFlags),
		// One list, however many headers it came in.
		"tracestate": strings.Join(c.tracestates, ","),
	}
}
