package observation

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/signalproof/available-schedules-go/internal/tracing"
)

// serverSpan is the span of one request, described by the stable HTTP conventions.
type serverSpan struct {
	trace.Span
}

// startServerSpan starts the span when the request arrived. The middleware that OpenTelemetry has for net/http would
// end it after the answer, and a client that has the answer could not rely on it.
func startServerSpan(t *tracing.Tracing, r *http.Request, route string, arrived time.Time) serverSpan {
	return serverSpan{t.StartServer(tracing.CallerOf(r.Header), spanName(r.Method, route), arrived)}
}

// end describes the request and its answer. The end is the arrival and what the counter and the log line have as the
// duration: three signals, one measurement.
func (s serverSpan) end(r *http.Request, route, requestID string, status int, at time.Time) {
	if s.IsRecording() {
		s.SetAttributes(requestAttributes(r, route, requestID)...)
		s.SetAttributes(semconv.HTTPResponseStatusCode(status))
		if status >= http.StatusInternalServerError {
			s.SetAttributes(semconv.ErrorTypeKey.String(strconv.Itoa(status)))
			s.SetStatus(codes.Error, "")
		}
	}
	s.End(trace.WithTimestamp(at))
}

// spanName has a bounded method as well: a client cannot invent names.
func spanName(method, route string) string {
	name := methodLabel(method)
	if name == otherMethod {
		name = "HTTP"
	}
	if route == Unmatched {
		return name
	}
	return name + " " + route
}

func requestAttributes(r *http.Request, route, requestID string) []attribute.KeyValue {
	method := methodLabel(r.Method)
	attributes := []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(method),
		semconv.URLScheme(scheme(r)),
		semconv.URLPath(asText(r.URL.Path)),
		semconv.HTTPRequestHeader("x-request-id", requestID),
	}
	if method == otherMethod {
		attributes = append(attributes, semconv.HTTPRequestMethodOriginal(asText(r.Method)))
	}
	if route != Unmatched {
		attributes = append(attributes, semconv.HTTPRoute(route))
	}
	if r.URL.RawQuery != "" {
		attributes = append(attributes, semconv.URLQuery(asText(r.URL.RawQuery)))
	}
	return append(attributes, serverAttributes(r.Host)...)
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// serverAttributes are those of a Host header: a name or an address, with or without a port, or nothing.
func serverAttributes(host string) []attribute.KeyValue {
	address, port, err := net.SplitHostPort(host)
	if err != nil {
		address = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	if address == "" {
		return nil
	}
	attributes := []attribute.KeyValue{semconv.ServerAddress(asText(address))}
	if number, err := strconv.ParseUint(port, 10, 16); err == nil {
		attributes = append(attributes, semconv.ServerPort(int(number)))
	}
	return attributes
}

// asText keeps one request from costing others their spans: a batch with a byte that is no UTF-8 cannot be exported.
func asText(sent string) string {
	return strings.ToValidUTF8(sent, "\uFFFD")
}
