package observation

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/signalproof/available-schedules-go/internal/answers"
	"github.com/signalproof/available-schedules-go/internal/faultswitch"
	"github.com/signalproof/available-schedules-go/internal/process"
	"github.com/signalproof/available-schedules-go/internal/tracing"
)

// Unmatched is the route of a request for which there is none.
const Unmatched = "<unmatched>"

// Handler makes the whole answer to a request.
type Handler func(*http.Request) answers.Answer

// Traffic answers the routes: it injects what the fault switch decides, and counts, logs and traces each request once.
type Traffic struct {
	// Routes are matched exactly, after percent-decoding.
	Routes  map[string]Handler
	Metrics *Metrics
	Log     *RequestLog
	Faults  *faultswitch.Switch
	Tracing *tracing.Tracing
	Drain   *process.Drain
}

func (t *Traffic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	defer t.Drain.Request()()
	route, handle := r.URL.Path, t.Routes[r.URL.Path]
	if handle == nil {
		route, handle = Unmatched, func(*http.Request) answers.Answer { return answers.NotServed() }
	}
	span := startServerSpan(t.Tracing, r, route, arrived)
	identity := Identify(r.Header, span.SpanContext())
	injection := t.Faults.Take(route)

	time.Sleep(injection.Latency)
	var answer answers.Answer
	if injection.Status != 0 {
		answer = answers.Problem(injection.Status, "injected by the fault switch")
	} else {
		answer = answerOrFail(handle, r)
	}

	// Before the first byte goes out: a client that has seen the answer finds it counted and logged, and its span ended.
	duration := time.Since(arrived).Round(time.Microsecond)
	line := logLine{
		Method:          methodLabel(r.Method),
		Route:           route,
		Path:            r.URL.Path,
		Query:           r.URL.RawQuery,
		Status:          answer.Status,
		DurationSeconds: float64(duration.Microseconds()) / 1e6,
		RequestID:       identity.RequestID,
		TraceID:         identity.TraceID,
		SpanID:          identity.SpanID,
	}
	t.Metrics.observe(line.Method, route, answer.Status, line.DurationSeconds, span.SpanContext())
	span.end(r, route, identity.RequestID, answer.Status, arrived.Add(duration))
	if injection.LoggedStatus != 0 {
		line.Status = injection.LoggedStatus
	}
	t.Log.write(line)
	identity.AddTo(w.Header())
	answer.Send(w)
}

// answerOrFail turns a panic into a 500, and tells standard error where it was.
func answerOrFail(handle Handler, r *http.Request) (answer answers.Answer) {
	defer func() {
		if cause := recover(); cause != nil {
			process.Announce(fmt.Sprintf("the request could not be answered: %v\n%s", cause, debug.Stack()))
			answer = answers.Problem(http.StatusInternalServerError, "the request could not be answered")
		}
	}()
	return handle(r)
}
