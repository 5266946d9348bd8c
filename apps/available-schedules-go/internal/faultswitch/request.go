package faultswitch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const largestBodyBytes = 16384

var statuses = []int{500, 502, 503, 504}

// FieldError is one refused field of a request to the fault switch; nil is the whole body.
type FieldError struct {
	Field  *string `json:"field"`
	Code   string  `json:"code"`
	Detail string  `json:"detail"`
}

// Request is what is to fail: see ../contract/fault-switch.yaml. Nil is what was not given.
type Request struct {
	Route        string
	Status       *int
	LatencyMs    *int
	Count        *int
	Rate         *float64
	ExpiresInMs  int
	LoggedStatus *int
}

// ParseRequest reads a request to start a fault: the fault, or all errors in the contract's order.
func ParseRequest(body []byte, routes []string) (Request, []FieldError) {
	object, isObject := jsonObject(body)
	if !isObject {
		detail := fmt.Sprintf("the body must be a JSON object of at most %d bytes", largestBodyBytes)
		return Request{}, []FieldError{{nil, "not_json", detail}}
	}
	fields := &fields{given: object}
	request := Request{
		Route:     fields.route(routes),
		Status:    fields.status(),
		LatencyMs: fields.integer("latency_ms", 1, 60000),
		Count:     fields.integer("count", 1, 100000),
		Rate:      fields.rate(),
	}
	if fields.required("expires_in_ms") {
		if expiresInMs := fields.integer("expires_in_ms", 1, 600000); expiresInMs != nil {
			request.ExpiresInMs = *expiresInMs
		}
	}
	request.LoggedStatus = fields.integer("logged_status", 100, 599)
	return request, fields.errorsWithUnknown()
}

// jsonObject is the fields that are given: null counts as not given.
func jsonObject(body []byte) (map[string]json.RawMessage, bool) {
	if len(body) > largestBodyBytes || !utf8.Valid(body) {
		return nil, false
	}
	var object map[string]json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(body))
	if err := decoder.Decode(&object); err != nil || object == nil {
		return nil, false
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, false
	}
	maps.DeleteFunc(object, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	return object, true
}

// fields reads the fields of a request one after the other, and collects what is wrong with them.
type fields struct {
	given  map[string]json.RawMessage
	read   []string
	errors []FieldError
}

// raw is the JSON text of a field; nil if it was not given.
func (f *fields) raw(name string) json.RawMessage {
	f.read = append(f.read, name)
	return f.given[name]
}

func (f *fields) refuse(name, code, detail string) {
	f.errors = append(f.errors, FieldError{&name, code, detail})
}

func (f *fields) required(name string) bool {
	if f.raw(name) == nil {
		f.refuse(name, "missing", "is required")
		return false
	}
	return true
}

func (f *fields) route(routes []string) string {
	if !f.required("route") {
		return ""
	}
	var route string
	if err := json.Unmarshal(f.raw("route"), &route); err != nil || !slices.Contains(routes, route) {
		listed := strings.Join(slices.Sorted(slices.Values(routes)), ", ")
		f.refuse("route", "not_served", "must be one of the app's routes: "+listed)
	}
	return route
}

func (f *fields) status() *int {
	raw := f.raw("status")
	if raw == nil {
		if f.given["latency_ms"] == nil {
			f.refuse("status", "missing", "is required unless latency_ms is given")
		}
		return nil
	}
	status, err := strconv.Atoi(string(raw))
	if err != nil || !slices.Contains(statuses, status) {
		f.refuse("status", "not_allowed", "must be one of 500, 502, 503, 504")
	}
	return &status
}

func (f *fields) integer(name string, lowest, highest int) *int {
	raw := f.raw(name)
	if raw == nil {
		return nil
	}
	value, err := strconv.Atoi(string(raw))
	if err != nil || value < lowest || value > highest {
		f.refuse(name, "out_of_range", fmt.Sprintf("must be an integer from %d to %d", lowest, highest))
	}
	return &value
}

func (f *fields) rate() *float64 {
	raw := f.raw("rate")
	if raw == nil {
		return nil
	}
	rate, err := strconv.ParseFloat(string(raw), 64)
	switch {
	case err != nil || rate <= 0 || rate > 1:
		f.refuse("rate", "out_of_range", "must be a number above 0 and at most 1")
	case f.given["count"] != nil:
		f.refuse("rate", "conflict", "must not be given together with count")
	}
	return &rate
}

// errorsWithUnknown are all errors so far; the fields that nobody read are unknown.
func (f *fields) errorsWithUnknown() []FieldError {
	for _, name := range slices.Sorted(maps.Keys(f.given)) {
		if !slices.Contains(f.read, name) {
			f.refuse(name, "unknown", "is not a field of a fault")
		}
	}
	return f.errors
}
