package schedule

import (
	"cmp"
	"slices"
	"time"
)

// Slot is a free slot; start and end are in the clinic's time zone.
type Slot struct {
	Start  time.Time
	End    time.Time
	UnitID string
}

// opening is one stretch of working hours on one day.
type opening struct {
	interval
	unitID string
}

// FreeSlots are the slots not booked from first to last, both days included, by start and unit.
// An empty unitID is every unit.
func (s *Schedules) FreeSlots(professional *Professional, first, last time.Time, unitID string) []Slot {
	slots := []Slot{}
	for _, opening := range s.openings(professional, first, last, unitID) {
		for _, slot := range cut(opening.interval, professional.SlotLength) {
			if !slices.ContainsFunc(professional.booked, slot.overlaps) {
				slots = append(slots, Slot{slot.start.In(s.zone), slot.end.In(s.zone), opening.unitID})
			}
		}
	}
	slices.SortStableFunc(slots, func(a, b Slot) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.UnitID, b.UnitID))
	})
	return slots
}

func (s *Schedules) openings(professional *Professional, first, last time.Time, unitID string) []opening {
	var openings []opening
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		for _, hours := range professional.hours {
			elsewhere := unitID != "" && hours.unitID != unitID
			if hours.weekday != day.Weekday() || elsewhere || s.closed[closure{day, hours.unitID}] {
				continue
			}
			opens, closes := s.instant(day.Add(hours.opens)), s.instant(day.Add(hours.closes))
			openings = append(openings, opening{interval{opens, closes}, hours.unitID})
		}
	}
	return openings
}

func cut(whole interval, length time.Duration) []interval {
	var slots []interval
	for start := whole.start; !start.Add(length).After(whole.end); start = start.Add(length) {
		slots = append(slots, interval{start, start.Add(length)})
	}
	return slots
}

func (i interval) overlaps(other interval) bool {
	return i.start.Before(other.end) && other.start.Before(i.end)
}
