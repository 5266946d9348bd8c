package process

import (
	"strings"
	"testing"
	"time"
)

var tracingDefaults = TracingSettings{
	Propagate:          true,
	Sampler:            AlwaysOn,
	ParentBased:        true,
	ScheduleDelay:      5 * time.Second,
	MaxQueueSize:       2048,
	MaxExportBatchSize: 512,
}

func TestReadsEveryVariableOfTracing(t *testing.T) {
	settings, err := from(map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT":    "https://collector:4318/base/",
		"OTEL_PROPAGATORS":               "none",
		"OTEL_TRACES_SAMPLER":            "traceidratio",
		"OTEL_TRACES_SAMPLER_ARG":        "0.25",
		"OTEL_BSP_SCHEDULE_DELAY":        "100",
		"OTEL_BSP_MAX_QUEUE_SIZE":        "20",
		"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "10",
	})
	expected := TracingSettings{"https://collector:4318/base", false, Ratio, false, 0.25, 100 * time.Millisecond, 20, 10}
	if err != nil || settings.Tracing != expected {
		t.Errorf("expected %+v, seen %+v and %v", expected, settings.Tracing, err)
	}
}

func TestAVariableOfTracingThatIsSetToNothingCountsAsUnset(t *testing.T) {
	settings, err := from(map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "", "OTEL_PROPAGATORS": "", "OTEL_TRACES_SAMPLER": "", "OTEL_BSP_SCHEDULE_DELAY": "",
	})
	if err != nil || settings.Tracing != tracingDefaults {
		t.Errorf("expected %+v, seen %+v and %v", tracingDefaults, settings.Tracing, err)
	}
}

func TestABatchIsNoLargerThanASmallQueue(t *testing.T) {
	settings, err := from(map[string]string{"OTEL_BSP_MAX_QUEUE_SIZE": "8"})
	if err != nil || settings.Tracing.MaxExportBatchSize != 8 {
		t.Errorf("expected 8, seen %d and %v", settings.Tracing.MaxExportBatchSize, err)
	}
}

func TestRefusesAVariableOfTracingAndNamesIt(t *testing.T) {
	for _, row := range []struct{ name, value, said string }{
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "must be the base URL of a collector"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://collector:4317", "must be the base URL of a collector"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://", "must be the base URL of a collector"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318?a=b", "must be the base URL of a collector"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:port", "must be the base URL of a collector"},
		{"OTEL_PROPAGATORS", "b3", "must be tracecontext or none, but is 'b3'"},
		{"OTEL_TRACES_SAMPLER", "sometimes", "but is 'sometimes'"},
		{"OTEL_TRACES_SAMPLER", "parentbased_", "but is 'parentbased_'"},
		{"OTEL_BSP_SCHEDULE_DELAY", "0", "must be a whole number from 1 to 3600000, but is '0'"},
		{"OTEL_BSP_SCHEDULE_DELAY", "1s", "must be a whole number from 1 to 3600000, but is '1s'"},
		{"OTEL_BSP_MAX_QUEUE_SIZE", "-1", "must be a whole number from 1 to 1000000, but is '-1'"},
		{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1.5", "must be a whole number from 1 to 1000000, but is '1.5'"},
		{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2049", "must not be above OTEL_BSP_MAX_QUEUE_SIZE, 2048, but is '2049'"},
	} {
		_, err := from(map[string]string{row.name: row.value})
		if err == nil || !strings.HasPrefix(err.Error(), row.name+" must") || !strings.Contains(err.Error(), row.said) {
			t.Errorf("%s=%s: expected %q, seen %v", row.name, row.value, row.said, err)
		}
	}
}

func TestRefusesARatioThatIsNone(t *testing.T) {
	for _, ratio := range []string{"-0.1", "1.1", "NaN", "half"} {
		for _, sampler := range []string{"traceidratio", "parentbased_traceidratio"} {
			_, err := from(map[string]string{"OTEL_TRACES_SAMPLER": sampler, "OTEL_TRACES_SAMPLER_ARG": ratio})
			if said := "OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, but is '" + ratio + "'"; err == nil || err.Error() != said {
				t.Errorf("%s: expected %q, seen %v", sampler, said, err)
			}
		}
	}
}

func TestARefusedEndpointIsNotShownWithItsPassword(t *testing.T) {
	_, err := from(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://user:secret@collector:4318"})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("expected a refusal without the password, seen %v", err)
	}
}
