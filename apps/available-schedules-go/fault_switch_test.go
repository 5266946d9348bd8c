package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// statuses sends requests from many connections at once, and counts the answers by status.
func statuses(t *testing.T, app *runningApp, times int) map[int]int {
	t.Helper()
	counted := map[int]int{}
	var mutex sync.Mutex
	var senders sync.WaitGroup
	for range 16 {
		senders.Go(func() {
			for range times / 16 {
				seen, err := exchange(app.address, "GET", route+"?"+goodQuery, nil, "")
				if err != nil {
					t.Error(err)
				}
				mutex.Lock()
				counted[seen.status]++
				mutex.Unlock()
			}
		})
	}
	senders.Wait()
	return counted
}

func TestACountIsExactUnderConcurrentRequests(t *testing.T) {
	app := startApp(t)
	fault := app.startFault(`"status":500,"count":23`)
	if seen := statuses(t, app, 320); seen[500] != 23 || seen[200] != 297 {
		t.Errorf("the clients: expected 23 of 500 and 297 of 200, seen %v", seen)
	}
	if seen := app.requestsTotal(); seen["GET "+route+" 500"] != 23 || seen["GET "+route+" 200"] != 297 {
		t.Errorf("the counter: expected 23 of 500 and 297 of 200, seen %v", seen)
	}
	logged := map[int]int{}
	for _, line := range app.newLogLines() {
		logged[parsed[logLine](t, line).Status]++
	}
	if logged[500] != 23 || logged[200] != 297 || len(logged) != 2 {
		t.Errorf("the log: expected 23 of 500 and 297 of 200, seen %v", logged)
	}
	if seen := app.endFault(fault); seen.State != "spent" || seen.Matched != 23 || seen.Injected != 23 {
		t.Errorf("the report: expected 23 matched and injected, seen %+v", seen)
	}
}

func TestTheReportOfAnEndedFaultIsWhatTheClientsSaw(t *testing.T) {
	app := startApp(t)
	fault := app.startFault(`"status":502,"rate":0.25`)
	seen := statuses(t, app, 48)
	final := app.endFault(fault)
	if seen[502] != 12 || final.State != "ended" || final.Matched != 48 || final.Injected != 12 {
		t.Errorf("expected 12 of 48, the clients saw %v, the report says %+v", seen, final)
	}
	if final.LastInjectedAt == nil || final.CreatedAt >= *final.LastInjectedAt || *final.LastInjectedAt >= final.ExpiresAt {
		t.Errorf("expected created, last injected, expires in this order, seen %+v", final)
	}
	if after := app.get().status; after != 200 {
		t.Errorf("expected 200 after the end, seen %d", after)
	}
}

func TestAnInjectedAnswerIsAProblemThatSaysSo(t *testing.T) {
	app := startApp(t)
	app.startFault(`"status":503,"count":1`)
	expected := `{"type":"about:blank","title":"Service Unavailable","status":503,` +
		`"detail":"injected by the fault switch"}`
	seen := app.request("POST", route+"?what=ever", nil)
	if seen.status != 503 || seen.body != expected || seen.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("expected %s, seen %+v", expected, seen)
	}
}

func TestLatencyAloneDelaysTheUsualAnswer(t *testing.T) {
	app := startApp(t)
	usual := app.get()
	app.newLogLines()
	app.startFault(`"latency_ms":150,"count":1`)
	if seen := app.get(); seen.body != usual.body {
		t.Errorf("expected the usual answer, seen %s", seen.body)
	}
	if line := app.onlyLogLine(); line.DurationSeconds < 0.15 {
		t.Errorf("expected at least 0.15 s, seen %v", line.DurationSeconds)
	}
}

func TestTheLogLineLiesWhenToldToAndTheCounterDoesNot(t *testing.T) {
	app := startApp(t)
	app.startFault(`"status":500,"count":1,"logged_status":200`)
	if seen := app.get().status; seen != 500 {
		t.Errorf("expected the client to see 500, seen %d", seen)
	}
	if line := app.onlyLogLine(); line.Status != 200 || line.Level != "info" {
		t.Errorf("expected the line to say 200, seen %+v", line)
	}
	if seen := app.requestsTotal(); seen["GET "+route+" 500"] != 1 || seen["GET "+route+" 200"] != 0 {
		t.Errorf("expected one 500 to be counted, seen %v", seen)
	}
}

func TestAReportCanBeReadAloneAndInTheList(t *testing.T) {
	app := startApp(t)
	fault := app.startFault(`"status":500,"rate":1`)
	alone := app.fault("GET", "/faults/"+fault.ID, "").body
	if list := app.fault("GET", "/faults", "").body; list != `{"faults":[`+alone+`]}` {
		t.Errorf("expected %s in the list, seen %s", alone, list)
	}
	expected := fmt.Sprintf(`{"id":%q,"route":%q,"status":500,"latency_ms":null,"count":null,"rate":1,`+
		`"logged_status":null,"state":"active","matched":0,"injected":0,"created_at":%q,"expires_at":%q,`+
		`"last_injected_at":null}`, fault.ID, route, fault.CreatedAt, fault.ExpiresAt)
	if alone != expected {
		t.Errorf("expected %s, seen %s", expected, alone)
	}
}

func TestDoesNotKnowAnIDThatItNeverGave(t *testing.T) {
	app := startApp(t)
	for _, method := range []string{"GET", "DELETE"} {
		seen := app.fault(method, "/faults/0123456789abcdef", "")
		if seen.status != 404 || !strings.Contains(seen.body, "no fault has this id") {
			t.Errorf("%s: expected 404, seen %+v", method, seen)
		}
	}
}

func TestRefusesEveryCallWithoutTheToken(t *testing.T) {
	app := startApp(t)
	expected := `{"type":"about:blank","title":"Unauthorized","status":401,"detail":"a valid token is required"}`
	body := fmt.Sprintf(`{"route":%q,"status":500,"expires_in_ms":60000}`, route)
	for _, given := range []string{"", "Bearer ", "Bearer 0123456789abcdeX", "Bearer " + token + "0", "Bearer " + token[1:], token} {
		for _, call := range []struct{ method, path string }{{"GET", "/faults"}, {"POST", "/faults"}, {"GET", "/x"}} {
			header := map[string]string{}
			if given != "" {
				header["Authorization"] = given
			}
			seen, err := exchange(app.faults, call.method, call.path, header, body)
			if err != nil {
				t.Fatal(err)
			}
			if seen.status != 401 || seen.body != expected || seen.header.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s %s with %q: expected 401, seen %+v", call.method, call.path, given, seen)
			}
		}
	}
	if list := app.fault("GET", "/faults", "").body; list != `{"faults":[]}` {
		t.Errorf("a fault was started without the token: %s", list)
	}
}

func TestSaysWhichMethodsItAnswers(t *testing.T) {
	app := startApp(t)
	for _, row := range []struct{ method, path, allow string }{
		{"PUT", "/faults", "GET, POST"}, {"POST", "/faults/x", "DELETE, GET"},
	} {
		if seen := app.fault(row.method, row.path, ""); seen.status != 405 || seen.header.Get("Allow") != row.allow {
			t.Errorf("%s %s: expected 405 and %s, seen %+v", row.method, row.path, row.allow, seen)
		}
	}
}

func TestIsNotServedOnTheAppsOwnAddress(t *testing.T) {
	app := startApp(t)
	seen := app.request("GET", "/faults", map[string]string{"Authorization": "Bearer " + token})
	if seen.status != 404 || !strings.Contains(seen.body, "nothing is served") {
		t.Errorf("expected 404, seen %+v", seen)
	}
}

func TestIsOffUnlessItsAddressIsSet(t *testing.T) {
	app := startApp(t, "FAULT_SWITCH_ADDRESS=")
	if seen := app.get().status; seen != 200 {
		t.Errorf("expected 200, seen %d", seen)
	}
	if _, err := exchange(app.faults, "GET", "/faults", nil, ""); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("expected a refused connection, seen %v", err)
	}
}
