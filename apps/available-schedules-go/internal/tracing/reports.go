package tracing

import (
	"fmt"
	"sync"
	"time"
)

// reports says at most now and then what goes wrong with spans. It is the SDK's error handler.
type reports struct {
	announce func(string)
	every    time.Duration
	now      func() time.Time
	mutex    sync.Mutex
	last     time.Time
	unsaid   int
}

func newReports(announce func(string), every time.Duration, now func() time.Time) *reports {
	return &reports{announce: announce, every: every, now: now}
}

// Handle is called by the SDK.
func (r *reports) Handle(err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	now := r.now()
	if !r.last.IsZero() && now.Sub(r.last) < r.every {
		r.unsaid++
		return
	}
	line := fmt.Sprintf("tracing: %v", err)
	if r.unsaid > 0 {
		line += fmt.Sprintf(" (and %d more since the last such line)", r.unsaid)
	}
	r.announce(line)
	r.last, r.unsaid = now, 0
}
