package observation

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalproof/available-schedules-go/internal/answers"
	"github.com/signalproof/available-schedules-go/internal/faultswitch"
	"github.com/signalproof/available-schedules-go/internal/process"
	"github.com/signalproof/available-schedules-go/internal/tracing"
)

func TestAPanicInTheAppIsACountedAndLogged500(t *testing.T) {
	var log bytes.Buffer
	metrics := NewMetrics(nil)
	traces, err := tracing.New(process.TracingSettings{Sampler: process.AlwaysOn, Propagate: true})
	if err != nil {
		t.Fatal(err)
	}
	traffic := &Traffic{
		Routes:  map[string]Handler{"/a": func(*http.Request) answers.Answer { panic("on purpose") }},
		Metrics: metrics,
		Log:     NewRequestLog(&log),
		Faults:  faultswitch.NewSwitch(),
		Tracing: traces,
		Drain:   process.NewDrain(),
	}
	seen := httptest.NewRecorder()
	traffic.ServeHTTP(seen, httptest.NewRequest(http.MethodGet, "/a", nil))

	expected := `{"type":"about:blank","title":"Internal Server Error","status":500,` +
		`"detail":"the request could not be answered"}`
	if seen.Code != 500 || seen.Body.String() != expected {
		t.Errorf("expected %s, seen %d %s", expected, seen.Code, seen.Body)
	}
	var line logLine
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || line.Status != 500 || line.Level != "error" {
		t.Errorf("expected one line with 500, seen %q", log.String())
	}
	exposition := httptest.NewRecorder()
	metrics.Exposition().ServeHTTP(exposition, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if counted := `http_requests_total{method="GET",route="/a",status="500"} 1`; !strings.Contains(exposition.Body.String(), counted) {
		t.Errorf("expected %s, seen %s", counted, exposition.Body)
	}
}
