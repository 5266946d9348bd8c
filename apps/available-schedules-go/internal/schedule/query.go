package schedule

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const longestRangeDays = 31

var (
	dayPattern      = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})$`)
	rawPiecePattern = regexp.MustCompile(`^(?:[!-$&-~]|%[0-9A-Fa-f]{2})*$`)
)

// QueryError is one refused parameter; nil where the query could not be taken apart into parameters.
type QueryError struct {
	Parameter *string `json:"parameter"`
	Code      string  `json:"code"`
	Detail    string  `json:"detail"`
}

// Query is a query without errors; the clinic may still not have the professional or the unit.
type Query struct {
	ProfessionalID string
	Start          time.Time
	End            time.Time
	// UnitID is empty if none was asked for.
	UnitID string
}

// ParseQuery reads a raw query string by the contract's rules: the query, or all its errors in order.
func ParseQuery(raw string, validFrom, validUntil time.Time) (Query, []QueryError) {
	pairs, malformed := split(raw)
	if malformed != nil {
		return Query{}, malformed
	}
	given := takeApart(pairs)
	query := Query{}

	given.take("professional_id", true, func(text string) *refusal {
		query.ProfessionalID = text
		return refuseID(text)
	})
	startIsRight := given.take("start", true, func(text string) (refused *refusal) {
		query.Start, refused = day(text, validFrom, validUntil)
		return refused
	})
	given.take("end", true, func(text string) (refused *refusal) {
		query.End, refused = day(text, validFrom, validUntil)
		if refused == nil && startIsRight {
			refused = refuseRange(query.Start, query.End)
		}
		return refused
	})
	given.take("unit_id", false, func(text string) *refusal {
		query.UnitID = text
		return refuseID(text)
	})
	return query, given.errorsWithUnknown()
}

// NotFound is what the query names and the clinic does not have, in the contract's order.
func (s *Schedules) NotFound(query Query) []QueryError {
	var unknown []QueryError
	if s.Professionals[query.ProfessionalID] == nil {
		unknown = append(unknown, queryError("professional_id", refusal{"not_found", "is not known"}))
	}
	if query.UnitID != "" && !s.Units[query.UnitID] {
		unknown = append(unknown, queryError("unit_id", refusal{"not_found", "is not known"}))
	}
	return unknown
}

type refusal struct {
	code   string
	detail string
}

func queryError(name string, refused refusal) QueryError {
	return QueryError{&name, refused.code, refused.detail}
}

type pair struct {
	name  string
	value string
}

func split(raw string) (pairs []pair, malformed []QueryError) {
	number := 0
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		number++
		rawName, rawValue, _ := strings.Cut(piece, "=")
		name, nameErr := decode(rawName)
		value, valueErr := decode(rawValue)
		if nameErr != nil || valueErr != nil {
			detail := fmt.Sprintf("pair %d of the query must be percent-encoded UTF-8", number)
			malformed = append(malformed, QueryError{nil, "malformed_query", detail})
			continue
		}
		pairs = append(pairs, pair{name, value})
	}
	return pairs, malformed
}

func decode(raw string) (string, error) {
	if !rawPiecePattern.MatchString(raw) {
		return "", errors.New("not percent-encoded")
	}
	decoded, err := url.QueryUnescape(raw)
	if err == nil && !utf8.ValidString(decoded) {
		err = errors.New("not UTF-8")
	}
	return decoded, err
}

// given is the pairs of a query, taken out by name; it collects what is wrong with them.
type given struct {
	names  []string
	values map[string][]string
	errors []QueryError
}

func takeApart(pairs []pair) *given {
	g := &given{values: map[string][]string{}}
	for _, pair := range pairs {
		if _, seen := g.values[pair.name]; !seen {
			g.names = append(g.names, pair.name)
		}
		g.values[pair.name] = append(g.values[pair.name], pair.value)
	}
	return g
}

// take hands the one value of a parameter to parse, and reports whether there was one and it was right.
func (g *given) take(name string, required bool, parse func(string) *refusal) bool {
	values, present := g.values[name]
	delete(g.values, name)
	if !present && !required {
		return false
	}
	refused := refuseSingle(values)
	if refused == nil {
		refused = parse(values[0])
	}
	if refused != nil {
		g.errors = append(g.errors, queryError(name, *refused))
	}
	return refused == nil
}

// errorsWithUnknown are all errors so far; the names that nobody took are unknown.
func (g *given) errorsWithUnknown() []QueryError {
	for _, name := range g.names {
		if _, left := g.values[name]; left {
			g.errors = append(g.errors, queryError(name, refusal{"unknown", "is not a parameter of this request"}))
		}
	}
	return g.errors
}

func refuseSingle(values []string) *refusal {
	switch {
	case len(values) > 1:
		return &refusal{"repeated", "must be given once"}
	case len(values) == 0:
		return &refusal{"missing", "is required"}
	case values[0] == "":
		return &refusal{"empty", "must not be empty"}
	}
	return nil
}

func refuseID(text string) *refusal {
	if !idPattern.MatchString(text) {
		return &refusal{"not_an_id", "must be 1 to 64 of the characters a-z, 0-9 and -, and not begin with -"}
	}
	return nil
}

func day(text string, validFrom, validUntil time.Time) (time.Time, *refusal) {
	parts := dayPattern.FindStringSubmatch(text)
	if parts == nil {
		return time.Time{}, &refusal{"not_a_date", "must be a date in the form YYYY-MM-DD"}
	}
	parsed, err := time.Parse(dayLayout, text)
	if year, _ := strconv.Atoi(parts[1]); err != nil || year == 0 {
		return time.Time{}, &refusal{"not_in_calendar", "must be a day that the calendar has"}
	}
	if parsed.Before(validFrom) || parsed.After(validUntil) {
		detail := fmt.Sprintf("must be a day from %s to %s", validFrom.Format(dayLayout), validUntil.Format(dayLayout))
		return time.Time{}, &refusal{"outside_period", detail}
	}
	return parsed, nil
}

func refuseRange(start, end time.Time) *refusal {
	if end.Before(start) {
		return &refusal{"before_start", "must not be before start"}
	}
	if end.Sub(start) >= longestRangeDays*24*time.Hour {
		return &refusal{"range_too_long", fmt.Sprintf("must be at most %d days after start", longestRangeDays-1)}
	}
	return nil
}
