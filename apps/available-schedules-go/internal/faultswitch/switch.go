package faultswitch

import (
	"slices"
	"sync"
	"time"
)

// Injection is what is to happen to one request; its zero value leaves the request alone.
type Injection struct {
	Status       int
	Latency      time.Duration
	LoggedStatus int
}

// Switch is all faults of the app. Every decision is made under one lock, so the counts are exact.
type Switch struct {
	now    func() time.Time
	mutex  sync.Mutex
	faults []*fault
	active []*fault
}

// NewSwitch makes a switch without faults.
func NewSwitch() *Switch {
	return &Switch{now: time.Now}
}

// Start starts a fault, and gives its report.
func (s *Switch) Start(asked Request) Report {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	fault := newFault(asked, s.now())
	s.faults = append(s.faults, fault)
	s.active = append(s.active, fault)
	return fault.report()
}

// Take decides for one request of the route, and counts it.
func (s *Switch) Take(route string) Injection {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.settle()
	oldest := slices.IndexFunc(s.active, func(f *fault) bool { return f.asked.Route == route })
	if oldest < 0 || !s.active[oldest].match(s.now()) {
		return Injection{}
	}
	asked := s.active[oldest].asked
	return Injection{
		Status:       orZero(asked.Status),
		Latency:      time.Duration(orZero(asked.LatencyMs)) * time.Millisecond,
		LoggedStatus: orZero(asked.LoggedStatus),
	}
}

// End ends a fault, unless it has ended before, and gives its final report; false if there is no such fault.
func (s *Switch) End(id string) (Report, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.settle()
	fault := s.find(id)
	if fault == nil {
		return Report{}, false
	}
	if fault.state == Active {
		fault.state = Ended
	}
	return fault.report(), true
}

// Report tells what a fault has done so far; false if there is no such fault.
func (s *Switch) Report(id string) (Report, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.settle()
	fault := s.find(id)
	if fault == nil {
		return Report{}, false
	}
	return fault.report(), true
}

// Reports tells of all faults since the start, in order of creation.
func (s *Switch) Reports() []Report {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.settle()
	reports := make([]Report, 0, len(s.faults))
	for _, fault := range s.faults {
		reports = append(reports, fault.report())
	}
	return reports
}

// settle ends what has expired, and forgets among the active ones what is no longer so.
func (s *Switch) settle() {
	now := s.now()
	s.active = slices.DeleteFunc(s.active, func(f *fault) bool {
		if f.state == Active && !now.Before(f.expiresAt()) {
			f.state = Expired
		}
		return f.state != Active
	})
}

func (s *Switch) find(id string) *fault {
	if i := slices.IndexFunc(s.faults, func(f *fault) bool { return f.id == id }); i >= 0 {
		return s.faults[i]
	}
	return nil
}

func orZero(number *int) int {
	if number == nil {
		return 0
	}
	return *number
}
