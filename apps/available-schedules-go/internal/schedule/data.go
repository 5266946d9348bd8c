package schedule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // for machines and images without a time zone database
)

const (
	dayLayout       = "2006-01-02"
	timeOfDayLayout = "15:04"
	localLayout     = "2006-01-02T15:04"
)

// forms is how a layout is written for a reader of the data file.
var forms = map[string]string{dayLayout: "YYYY-MM-DD", timeOfDayLayout: "HH:MM", localLayout: "YYYY-MM-DDTHH:MM"}

var (
	idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	weekdays  = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
)

// Schedules is the whole data file, checked, its times resolved to instants.
type Schedules struct {
	Timezone      string
	ValidFrom     time.Time
	ValidUntil    time.Time
	Units         map[string]bool
	Professionals map[string]*Professional

	zone   *time.Location
	closed map[closure]bool
}

// Professional is one of the clinic's professionals.
type Professional struct {
	ID         string
	Name       string
	Specialty  string
	SlotLength time.Duration

	hours  []hours
	booked []interval
}

// hours are working hours on one weekday in one unit, as times since midnight of the clinic's wall clock.
type hours struct {
	unitID  string
	weekday time.Weekday
	opens   time.Duration
	closes  time.Duration
}

// interval is two instants; the end is not part of it.
type interval struct {
	start time.Time
	end   time.Time
}

// closure is a day on which a unit is closed for a holiday.
type closure struct {
	day    time.Time
	unitID string
}

type dataFile struct {
	Clinic struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Timezone string `json:"timezone"`
	} `json:"clinic"`
	ValidFrom     string            `json:"valid_from"`
	ValidUntil    string            `json:"valid_until"`
	Units         []unitRow         `json:"units"`
	Holidays      []holidayRow      `json:"holidays"`
	Professionals []professionalRow `json:"professionals"`
}

type unitRow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// holidayRow closes the units UnitIDs; nil is all of them.
type holidayRow struct {
	Date    string   `json:"date"`
	Name    string   `json:"name"`
	UnitIDs []string `json:"unit_ids"`
}

type professionalRow struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Specialty   string       `json:"specialty"`
	SlotMinutes int          `json:"slot_minutes"`
	Hours       []hoursRow   `json:"hours"`
	Bookings    []bookingRow `json:"bookings"`
}

type hoursRow struct {
	UnitID  string `json:"unit_id"`
	Weekday string `json:"weekday"`
	From    string `json:"from"`
	Until   string `json:"until"`
}

type bookingRow struct {
	UnitID string `json:"unit_id"`
	Start  string `json:"start"`
	End    string `json:"end"`
}

// Load reads the data file. The error says where in it the first fault is.
func Load(path string) (*Schedules, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		var pathError *os.PathError
		if errors.As(err, &pathError) {
			err = pathError.Err
		}
		return nil, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	schedules, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return schedules, nil
}

func parse(text []byte) (*Schedules, error) {
	var file dataFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("the whole file: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("the whole file: something stands after the end of the JSON object")
	}
	return resolve(file)
}

func resolve(file dataFile) (*Schedules, error) {
	check := &checker{}
	schedules := &Schedules{
		Timezone:      file.Clinic.Timezone,
		ValidFrom:     check.time("valid_from", dayLayout, file.ValidFrom),
		ValidUntil:    check.time("valid_until", dayLayout, file.ValidUntil),
		Units:         map[string]bool{},
		Professionals: map[string]*Professional{},
		zone:          check.timezone("clinic.timezone", file.Clinic.Timezone),
		closed:        map[closure]bool{},
	}
	check.that(!schedules.ValidFrom.After(schedules.ValidUntil), "valid_from", "must not be after valid_until")
	for i, row := range file.Units {
		place := fmt.Sprintf("units.%d.id", i)
		check.id(place, row.ID)
		check.that(!schedules.Units[row.ID], place, "must not be there twice")
		schedules.Units[row.ID] = true
	}
	for i, row := range file.Holidays {
		schedules.close(check, fmt.Sprintf("holidays.%d", i), row)
	}
	for i, row := range file.Professionals {
		place := fmt.Sprintf("professionals.%d", i)
		check.id(place+".id", row.ID)
		check.that(schedules.Professionals[row.ID] == nil, place+".id", "must not be there twice")
		schedules.Professionals[row.ID] = schedules.professional(check, place, row)
	}
	return schedules, check.err
}

func (s *Schedules) close(check *checker, place string, row holidayRow) {
	day := check.time(place+".date", dayLayout, row.Date)
	for _, id := range row.UnitIDs {
		check.that(s.Units[id], place+".unit_ids", "must be listed in units")
		s.closed[closure{day, id}] = true
	}
	if row.UnitIDs == nil {
		for id := range s.Units {
			s.closed[closure{day, id}] = true
		}
	}
}

func (s *Schedules) professional(check *checker, place string, row professionalRow) *Professional {
	check.that(1 <= row.SlotMinutes && row.SlotMinutes <= 1440, place+".slot_minutes", "must be from 1 to 1440")
	professional := &Professional{
		ID:         row.ID,
		Name:       row.Name,
		Specialty:  row.Specialty,
		SlotLength: time.Duration(row.SlotMinutes) * time.Minute,
	}
	midnight, _ := time.Parse(timeOfDayLayout, "00:00")
	for i, row := range row.Hours {
		place := fmt.Sprintf("%s.hours.%d", place, i)
		weekday := slices.Index(weekdays, row.Weekday)
		opens := check.time(place+".from", timeOfDayLayout, row.From)
		closes := check.time(place+".until", timeOfDayLayout, row.Until)
		check.that(s.Units[row.UnitID], place+".unit_id", "must be listed in units")
		check.that(weekday >= 0, place+".weekday", "must be one of "+strings.Join(weekdays, ", "))
		check.that(opens.Before(closes), place, "from must be before until")
		professional.hours = append(professional.hours,
			hours{row.UnitID, time.Weekday(weekday), opens.Sub(midnight), closes.Sub(midnight)})
	}
	for i, row := range row.Bookings {
		place := fmt.Sprintf("%s.bookings.%d", place, i)
		start := check.time(place+".start", localLayout, row.Start)
		end := check.time(place+".end", localLayout, row.End)
		check.that(s.Units[row.UnitID], place+".unit_id", "must be listed in units")
		check.that(start.Before(end), place, "start must be before end")
		professional.booked = append(professional.booked, interval{s.instant(start), s.instant(end)})
	}
	return professional
}

// instant resolves a local time, given as if it were UTC. On a clock change the offset in force before it decides:
// a time that occurs twice is the first one, a time that is skipped is counted on. time.Date leaves both open.
func (s *Schedules) instant(local time.Time) time.Time {
	before := local.Add(-s.offset(local.Add(-24 * time.Hour)))
	after := local.Add(-s.offset(local.Add(24 * time.Hour)))
	if before.Add(s.offset(before)).Equal(local) {
		return before
	}
	if after.Add(s.offset(after)).Equal(local) {
		return after
	}
	return before
}

func (s *Schedules) offset(instant time.Time) time.Duration {
	_, seconds := instant.In(s.zone).Zone()
	return time.Duration(seconds) * time.Second
}

// checker keeps the first fault that was found.
type checker struct {
	err error
}

func (c *checker) that(holds bool, place, rule string) {
	if !holds && c.err == nil {
		c.err = fmt.Errorf("%s: %s", place, rule)
	}
}

func (c *checker) id(place, id string) {
	c.that(idPattern.MatchString(id), place, "must match "+idPattern.String())
}

func (c *checker) time(place, layout, text string) time.Time {
	parsed, err := time.Parse(layout, text)
	// Parse also takes a one-digit hour; what is written back shows it.
	c.that(err == nil && parsed.Format(layout) == text, place, fmt.Sprintf("must have the form %s, but is %q", forms[layout], text))
	return parsed
}

func (c *checker) timezone(place, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		c.that(false, place, "must be a name of the IANA time zone database")
		return time.UTC
	}
	return zone
}
