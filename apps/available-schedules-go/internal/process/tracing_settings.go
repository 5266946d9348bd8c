package process

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Sampler decides whether a span that has no parent, or any span, is sampled.
type Sampler string

// The samplers, by the second half of their standard names.
const (
	AlwaysOn  Sampler = "always_on"
	AlwaysOff Sampler = "always_off"
	Ratio     Sampler = "traceidratio"
)

const parentBased = "parentbased_"

// TracingSettings are those of OpenTelemetry's standard variables that the app reads itself.
type TracingSettings struct {
	// Endpoint is the collector's base URL without a slash at the end; empty where nothing is exported.
	Endpoint string
	// Propagate is whether the caller's trace is taken over.
	Propagate bool
	// Sampler is asked about every span; if ParentBased, only about those without a parent.
	Sampler      Sampler
	ParentBased  bool
	SampledRatio float64
	// A batch is exported after this time, or when it is full.
	ScheduleDelay      time.Duration
	MaxQueueSize       int
	MaxExportBatchSize int
}

// tracingFrom reads the settings; a variable that is set to nothing counts as unset, as the standard has it.
func tracingFrom(lookup func(string) (string, bool)) (TracingSettings, error) {
	get := func(name, fallback string) string {
		if value, _ := lookup(name); value != "" {
			return value
		}
		return fallback
	}
	settings := TracingSettings{Endpoint: strings.TrimRight(get("OTEL_EXPORTER_OTLP_ENDPOINT", ""), "/")}
	if err := checkEndpoint(settings.Endpoint); err != nil {
		return TracingSettings{}, err
	}
	switch propagators := get("OTEL_PROPAGATORS", "tracecontext"); propagators {
	case "tracecontext":
		settings.Propagate = true
	case "none":
	default:
		return TracingSettings{}, fmt.Errorf("OTEL_PROPAGATORS must be tracecontext or none, but is '%s'", propagators)
	}
	if err := settings.sample(get); err != nil {
		return TracingSettings{}, err
	}
	return settings, settings.batch(get)
}

func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	found, err := url.Parse(endpoint)
	if err != nil || (found.Scheme != "http" && found.Scheme != "https") || found.Hostname() == "" ||
		found.User != nil || found.RawQuery != "" || found.Fragment != "" {
		// Not what it is: a URL that is none may hold a password.
		return fmt.Errorf("OTEL_EXPORTER_OTLP_ENDPOINT must be the base URL of a collector that speaks OTLP over HTTP, " +
			"without user, query and fragment; try http://127.0.0.1:4318, or unset it to export nothing")
	}
	return nil
}

func (s *TracingSettings) sample(get func(name, fallback string) string) error {
	name := get("OTEL_TRACES_SAMPLER", parentBased+string(AlwaysOn))
	rest, based := strings.CutPrefix(name, parentBased)
	s.Sampler, s.ParentBased = Sampler(rest), based
	switch s.Sampler {
	case AlwaysOn, AlwaysOff:
		return nil
	case Ratio:
		text := get("OTEL_TRACES_SAMPLER_ARG", "1")
		ratio, err := strconv.ParseFloat(text, 64)
		if err != nil || !(ratio >= 0 && ratio <= 1) {
			return fmt.Errorf("OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, but is '%s'", text)
		}
		s.SampledRatio = ratio
		return nil
	}
	return fmt.Errorf("OTEL_TRACES_SAMPLER must be always_on, always_off or traceidratio, alone or after %s, but is '%s'",
		parentBased, name)
}

func (s *TracingSettings) batch(get func(name, fallback string) string) error {
	delayMs, err := wholeNumber(get, "OTEL_BSP_SCHEDULE_DELAY", 5000, 3_600_000)
	if err != nil {
		return err
	}
	s.ScheduleDelay = time.Duration(delayMs) * time.Millisecond
	if s.MaxQueueSize, err = wholeNumber(get, "OTEL_BSP_MAX_QUEUE_SIZE", 2048, 1_000_000); err != nil {
		return err
	}
	s.MaxExportBatchSize, err = wholeNumber(get, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", min(512, s.MaxQueueSize), 1_000_000)
	if err != nil {
		return err
	}
	if s.MaxExportBatchSize > s.MaxQueueSize {
		return fmt.Errorf("OTEL_BSP_MAX_EXPORT_BATCH_SIZE must not be above OTEL_BSP_MAX_QUEUE_SIZE, %d, but is '%d'",
			s.MaxQueueSize, s.MaxExportBatchSize)
	}
	return nil
}

func wholeNumber(get func(name, fallback string) string, name string, fallback, largest int) (int, error) {
	text := get(name, strconv.Itoa(fallback))
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > largest {
		return 0, fmt.Errorf("%s must be a whole number from 1 to %d, but is '%s'", name, largest, text)
	}
	return number, nil
}
