package main

import (
	"strings"
	"syscall"
	"testing"
)

func TestAnIdleProcessEndsAtOnceWithZero(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		app := startApp(t)
		app.get()
		if code := app.end(signal); code != 0 {
			t.Errorf("%s: expected exit code 0, seen %d: %s", signal, code, app.errors())
		}
	}
}

func TestARequestInFlightIsFinishedWhileReadinessIsGone(t *testing.T) {
	app := startApp(t)
	fault := app.startFault(`"latency_ms":2000,"count":1`)
	slow := make(chan answer, 1)
	go func() {
		seen, err := exchange(app.address, "GET", route+"?"+goodQuery, nil, "")
		if err != nil {
			t.Errorf("the request in flight was cut off: %v", err)
		}
		slow <- seen
	}()
	inFlight := func(while string) {
		t.Helper()
		if len(slow) > 0 {
			t.Fatalf("the slow request was answered before %s", while)
		}
	}
	for app.reportOf(fault).Injected == 0 {
		inFlight("the fault was seen to take it")
	}
	if err := app.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ready := app.request("GET", "/readyz", nil)
	for ; ready.status == 200; ready = app.request("GET", "/readyz", nil) {
		inFlight("readiness was gone")
	}
	if ready.status != 503 || ready.body != `{"status":"stopping"}` {
		t.Errorf("expected 503 and stopping, seen %+v", ready)
	}
	if seen := app.request("GET", "/healthz", nil).status; seen != 200 {
		t.Errorf("expected to be alive, seen %d", seen)
	}
	inFlight("the app was seen to be alive")
	if seen := <-slow; seen.status != 200 {
		t.Errorf("expected the request in flight to be answered with 200, seen %d", seen.status)
	}
	if code := app.exitCode(); code != 0 {
		t.Errorf("expected exit code 0, seen %d: %s", code, app.errors())
	}
	if lines := app.newLogLines(); len(lines) != 1 {
		t.Errorf("expected the one line of the request, seen %q", lines)
	}
}

func TestARequestThatOutlastsTheBoundIsCutOffWithoutAnAnswer(t *testing.T) {
	app := startApp(t, "AVAILABLE_SCHEDULES_RUN=200ms")
	fault := app.startFault(`"latency_ms":60000,"count":1`)
	endless := make(chan error, 1)
	go func() {
		_, err := exchange(app.address, "GET", route+"?"+goodQuery, nil, "")
		endless <- err
	}()
	for app.reportOf(fault).Injected == 0 {
		if len(endless) > 0 {
			t.Fatal("the request was answered before the fault was seen to take it")
		}
	}
	if code := app.end(syscall.SIGTERM); code != 0 {
		t.Errorf("expected exit code 0, seen %d", code)
	}
	if err := <-endless; err == nil {
		t.Error("expected no answer")
	}
	if lines := app.newLogLines(); len(lines) != 0 {
		t.Errorf("expected no line, seen %q", lines)
	}
	expected := "available-schedules-go: requests were still in flight after 0.2 s and are cut off\n"
	if !strings.HasSuffix(app.errors(), expected) {
		t.Errorf("expected %q, seen %q", expected, app.errors())
	}
}
