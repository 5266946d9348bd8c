package faultswitch

import (
	"crypto/rand"
	"encoding/hex"
	"math"
	"time"

	"github.com/signalproof/available-schedules-go/internal/answers"
)

// State is active until the fault's count, its time or a call ends it; the first of them stays.
type State string

// The states of a fault.
const (
	Active  State = "active"
	Spent   State = "spent"
	Expired State = "expired"
	Ended   State = "ended"
)

// fault is a fault as it was asked for, and what it has done. Its switch alone changes it.
type fault struct {
	asked          Request
	id             string
	state          State
	matched        int
	injected       int
	createdAt      time.Time
	lastInjectedAt time.Time
}

// Report is what a fault has done so far.
type Report struct {
	ID             string   `json:"id"`
	Route          string   `json:"route"`
	Status         *int     `json:"status"`
	LatencyMs      *int     `json:"latency_ms"`
	Count          *int     `json:"count"`
	Rate           *float64 `json:"rate"`
	LoggedStatus   *int     `json:"logged_status"`
	State          State    `json:"state"`
	Matched        int      `json:"matched"`
	Injected       int      `json:"injected"`
	CreatedAt      string   `json:"created_at"`
	ExpiresAt      string   `json:"expires_at"`
	LastInjectedAt *string  `json:"last_injected_at"`
}

func newFault(asked Request, now time.Time) *fault {
	id := make([]byte, 8)
	// rand.Read never fails: it ends the process where the system has no randomness.
	_, _ = rand.Read(id)
	return &fault{asked: asked, id: hex.EncodeToString(id), state: Active, createdAt: now}
}

// match counts one request of the route, and says whether it is to be made to fail.
func (f *fault) match(now time.Time) bool {
	f.matched++
	if f.asked.Rate != nil && f.injected >= due(f.matched, *f.asked.Rate) {
		return false
	}
	f.injected++
	f.lastInjectedAt = now
	if f.asked.Count != nil && f.injected == *f.asked.Count {
		f.state = Spent
	}
	return true
}

func due(matched int, rate float64) int {
	// The sum of a rate such as 0.29 lies a hair below the whole number that is meant. The conversion keeps the
	// compiler from fusing product and sum, which would give another number on another machine.
	return int(math.Floor(float64(float64(matched)*rate) + 1e-9))
}

func (f *fault) expiresAt() time.Time {
	return f.createdAt.Add(time.Duration(f.asked.ExpiresInMs) * time.Millisecond)
}

func (f *fault) report() Report {
	report := Report{
		ID:           f.id,
		Route:        f.asked.Route,
		Status:       f.asked.Status,
		LatencyMs:    f.asked.LatencyMs,
		Count:        f.asked.Count,
		Rate:         f.asked.Rate,
		LoggedStatus: f.asked.LoggedStatus,
		State:        f.state,
		Matched:      f.matched,
		Injected:     f.injected,
		CreatedAt:    answers.UTCText(f.createdAt),
		ExpiresAt:    answers.UTCText(f.expiresAt()),
	}
	if f.injected > 0 {
		at := answers.UTCText(f.lastInjectedAt)
		report.LastInjectedAt = &at
	}
	return report
}
