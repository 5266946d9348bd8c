package faultswitch

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func of[T any](value T) *T { return &value }

// taken asks for a number of requests of /a, and says of each whether it is to fail.
func taken(faults *Switch, times int) []bool {
	var made []bool
	for range times {
		made = append(made, faults.Take("/a") != Injection{})
	}
	return made
}

func expectTaken(t *testing.T, faults *Switch, expected ...bool) {
	t.Helper()
	if seen := taken(faults, len(expected)); !slices.Equal(seen, expected) {
		t.Errorf("expected %v, seen %v", expected, seen)
	}
}

func expectReport(t *testing.T, faults *Switch, id string, state State, matched, injected int) {
	t.Helper()
	report, known := faults.Report(id)
	if !known || report.State != state || report.Matched != matched || report.Injected != injected {
		t.Errorf("expected %s with %d matched and %d injected, seen %+v", state, matched, injected, report)
	}
}

func TestLeavesRequestsAloneWithoutAFault(t *testing.T) {
	expectTaken(t, NewSwitch(), false, false, false)
}

func TestTakesExactlyTheNextCountAndIsThenSpent(t *testing.T) {
	faults := NewSwitch()
	started := faults.Start(Request{
		Route: "/a", ExpiresInMs: 60000, Status: of(503), LatencyMs: of(7), Count: of(3), LoggedStatus: of(200),
	})
	if seen, expected := faults.Take("/a"), (Injection{503, 7 * time.Millisecond, 200}); seen != expected {
		t.Errorf("expected %v, seen %v", expected, seen)
	}
	expectTaken(t, faults, true, true, false, false)
	expectReport(t, faults, started.ID, Spent, 3, 3)
}

func TestTheCountIsExactUnderManyGoroutines(t *testing.T) {
	faults := NewSwitch()
	started := faults.Start(Request{Route: "/a", ExpiresInMs: 60000, Status: of(500), Count: of(1000)})
	var injected atomic.Int64
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 250 {
				if faults.Take("/a").Status == 500 {
					injected.Add(1)
				}
			}
		})
	}
	group.Wait()
	if injected.Load() != 1000 {
		t.Errorf("expected 1000, seen %d", injected.Load())
	}
	expectReport(t, faults, started.ID, Spent, 1000, 1000)
}

func TestARateIsEvenlySpread(t *testing.T) {
	for _, rate := range []float64{1, 0.5, 0.29, 0.1, 0.01, 1.0 / 3, 0.9999} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			faults := NewSwitch()
			faults.Start(Request{Route: "/a", ExpiresInMs: 60000, Status: of(500), Rate: of(rate)})
			injected := 0
			for i, made := range taken(faults, 1000) {
				if made {
					injected++
				}
				if expected := int(math.Floor(float64(i+1)*rate + 1e-9)); injected != expected {
					t.Fatalf("after %d requests: expected %d, seen %d", i+1, expected, injected)
				}
			}
		})
	}
}

func TestHalfIsEverySecondRequest(t *testing.T) {
	faults := NewSwitch()
	faults.Start(Request{Route: "/a", ExpiresInMs: 60000, Status: of(500), Rate: of(0.5)})
	expectTaken(t, faults, false, true, false, true, false, true)
}

func TestTakesNoRequestOfAnotherRoute(t *testing.T) {
	faults := NewSwitch()
	started := faults.Start(Request{Route: "/b", ExpiresInMs: 60000, Status: of(500)})
	expectTaken(t, faults, false)
	expectReport(t, faults, started.ID, Active, 0, 0)
}

func TestAFaultEndsAtItsTime(t *testing.T) {
	now := time.Now()
	faults := &Switch{now: func() time.Time { return now }}
	started := faults.Start(Request{Route: "/a", ExpiresInMs: 1000, Status: of(500)})
	now = now.Add(999 * time.Millisecond)
	expectTaken(t, faults, true)
	now = now.Add(time.Millisecond)
	expectTaken(t, faults, false)
	expectReport(t, faults, started.ID, Expired, 1, 1)
}

func TestTheOldestActiveFaultDecidesAlone(t *testing.T) {
	faults := NewSwitch()
	faults.Start(Request{Route: "/a", ExpiresInMs: 60000, Status: of(500), Count: of(1)})
	faults.Start(Request{Route: "/a", ExpiresInMs: 60000, Status: of(502), Rate: of(0.5)})
	faults.Start(Request{Route: "/a", ExpiresInMs: 60000, Status: of(504)})
	seen := []int{faults.Take("/a").Status, faults.Take("/a").Status, faults.Take("/a").Status}
	if expected := []int{500, 0, 502}; !slices.Equal(seen, expected) {
		t.Errorf("expected %v, seen %v", expected, seen)
	}
	for i, matched := range []int{1, 2, 0} {
		if report := faults.Reports()[i]; report.Matched != matched {
			t.Errorf("fault %d: expected %d matched, seen %d", i, matched, report.Matched)
		}
	}
}

func TestAnEndedFaultTakesNothingMoreAndEndsOnce(t *testing.T) {
	now := time.Now()
	faults := &Switch{now: func() time.Time { return now }}
	started := faults.Start(Request{Route: "/a", ExpiresInMs: 1000, Status: of(500)})
	faults.End(started.ID)
	now = now.Add(10 * time.Second)
	expectTaken(t, faults, false)
	faults.End(started.ID)
	expectReport(t, faults, started.ID, Ended, 0, 0)
}

func TestWhicheverEndComesFirstStaysTheState(t *testing.T) {
	faults := NewSwitch()
	started := faults.Start(Request{Route: "/a", ExpiresInMs: 60000, Status: of(500), Count: of(1)})
	faults.Take("/a")
	faults.End(started.ID)
	expectReport(t, faults, started.ID, Spent, 1, 1)
}

func TestDoesNotKnowWhatWasNeverStarted(t *testing.T) {
	if _, known := NewSwitch().Report("nothing"); known {
		t.Error("expected no report")
	}
	if _, known := NewSwitch().End("nothing"); known {
		t.Error("expected no end")
	}
}
