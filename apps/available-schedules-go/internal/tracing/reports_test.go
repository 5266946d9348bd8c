package tracing

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestSaysTheFirstErrorAndThenAtMostOneAMinute(t *testing.T) {
	var said []string
	now := time.Now()
	reports := newReports(func(line string) { said = append(said, line) }, time.Minute, func() time.Time { return now })
	for _, step := range []struct {
		later time.Duration
		err   string
	}{{0, "one"}, {time.Second, "two"}, {58 * time.Second, "three"}, {time.Second, "four"}, {time.Minute, "five"}} {
		now = now.Add(step.later)
		reports.Handle(errors.New(step.err))
	}
	expected := []string{"tracing: one", "tracing: four (and 2 more since the last such line)", "tracing: five"}
	if !slices.Equal(said, expected) {
		t.Errorf("expected %q, seen %q", expected, said)
	}
}
