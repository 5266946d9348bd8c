package process

import (
	"context"
	"testing"
	"time"
)

func done(drain *Drain) bool {
	within, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	return drain.Done(within)
}

func TestWaitsForWhatWasInFlightAndNotForWhatCameLater(t *testing.T) {
	drain := NewDrain()
	endEarlier := drain.Request()
	drain.Stop()
	endLater := drain.Request()
	defer endLater()
	if done(drain) {
		t.Error("done while a request was in flight")
	}
	endEarlier()
	if !done(drain) {
		t.Error("not done though what was in flight at the stop has ended")
	}
}

func TestAnIdleProcessIsDoneAtOnce(t *testing.T) {
	drain := NewDrain()
	drain.Request()()
	drain.Stop()
	if !done(drain) || !drain.Stopping() {
		t.Error("not done though nothing was in flight")
	}
}
