// Package api is the app behind the ingress.
package api

import (
	"net/http"

	"github.com/signalproof/available-schedules-go/internal/answers"
	"github.com/signalproof/available-schedules-go/internal/faultswitch"
	"github.com/signalproof/available-schedules-go/internal/observation"
	"github.com/signalproof/available-schedules-go/internal/process"
	"github.com/signalproof/available-schedules-go/internal/schedule"
	"github.com/signalproof/available-schedules-go/internal/tracing"
)

// Route is the one route that is counted, logged, traced and made to fail.
const Route = "/v2/appoints/available-schedule"

// statusesByRoute is every status that a route can answer, or be made to answer by the fault switch.
var statusesByRoute = map[string][]int{
	Route:                 {200, 400, 404, 405, 500, 502, 503, 504},
	observation.Unmatched: {404},
}

type health struct {
	Status string `json:"status"`
}

// New makes the app. Paths are matched exactly by a table: http.ServeMux would answer some with a redirect, of which
// the contract knows nothing.
func New(
	schedules *schedule.Schedules,
	log *observation.RequestLog,
	traces *tracing.Tracing,
	faults *faultswitch.Switch,
	drain *process.Drain,
) http.Handler {
	metrics := observation.NewMetrics(statusesByRoute, traces.Collectors()...)
	traffic := &observation.Traffic{
		Routes: map[string]observation.Handler{
			Route: func(r *http.Request) answers.Answer {
				if !isRead(r) {
					return answers.MethodNotAllowed(http.MethodGet, http.MethodHead)
				}
				return schedules.Answer(r.URL.RawQuery)
			},
		},
		Metrics: metrics,
		Log:     log,
		Tracing: traces,
		Faults:  faults,
		Drain:   drain,
	}
	// Probes and scrapes: neither counted, logged nor traced.
	unobserved := map[string]http.Handler{
		"/healthz": http.HandlerFunc(alive),
		"/readyz":  ready(drain),
		"/metrics": metrics.Exposition(),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler := unobserved[r.URL.Path]
		switch {
		case handler == nil:
			traffic.ServeHTTP(w, r)
		case !isRead(r):
			answers.MethodNotAllowed(http.MethodGet, http.MethodHead).Send(w)
		default:
			handler.ServeHTTP(w, r)
		}
	})
}

func isRead(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

func alive(w http.ResponseWriter, _ *http.Request) {
	answers.JSON(http.StatusOK, health{"alive"}).Send(w)
}

func ready(drain *process.Drain) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if drain.Stopping() {
			answers.JSON(http.StatusServiceUnavailable, health{"stopping"}).Send(w)
			return
		}
		answers.JSON(http.StatusOK, health{"ready"}).Send(w)
	})
}
