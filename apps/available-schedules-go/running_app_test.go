package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/signalproof/available-schedules-go/internal/process"
)

const (
	route     = "/v2/appoints/available-schedule"
	goodQuery = "professional_id=joao-simoes&start=2026-11-26&end=2026-11-26"
	token     = "0123456789abcdef"

	startWithin = 20 * time.Second
	// Asking without a pause would take the processor from the app that is to start.
	askEvery  = 10 * time.Millisecond
	answerIn  = 30 * time.Second
	endWithin = 15 * time.Second
)

// TestMain lets the test binary be the app too: as a child process with this variable, a time to give to requests in
// flight when stopping, it is main and nothing else.
func TestMain(m *testing.M) {
	if bound, err := time.ParseDuration(os.Getenv("AVAILABLE_SCHEDULES_RUN")); err == nil {
		process.ShutdownBound = bound
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// runningApp is the app as a real process.
type runningApp struct {
	t         *testing.T
	command   *exec.Cmd
	ended     chan struct{}
	address   string
	faults    string
	folder    string
	linesRead int
}

type answer struct {
	status int
	header http.Header
	body   string
}

// startApp starts the app on free ports with its fault switch on, and ends it with the test.
func startApp(t *testing.T, environment ...string) *runningApp {
	t.Helper()
	ports := freePorts(t, 2)
	app := &runningApp{
		t:       t,
		ended:   make(chan struct{}),
		address: "127.0.0.1:" + ports[0],
		faults:  "127.0.0.1:" + ports[1],
		folder:  t.TempDir(),
	}
	app.command = appCommand(append([]string{
		"LISTEN_ADDRESS=" + app.address,
		"FAULT_SWITCH_ADDRESS=" + app.faults,
		"FAULT_SWITCH_TOKEN=" + token,
	}, environment...)...)
	app.command.Stdout = app.create("stdout")
	app.command.Stderr = app.create("stderr")
	if err := app.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = app.command.Wait()
		close(app.ended)
	}()
	t.Cleanup(func() {
		_ = app.command.Process.Kill()
		<-app.ended
	})
	app.waitUntilReady()
	return app
}

func appCommand(environment ...string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(append(os.Environ(), "AVAILABLE_SCHEDULES_RUN=5s"), environment...)
	return command
}

func freePorts(t *testing.T, count int) []string {
	t.Helper()
	var ports []string
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		ports = append(ports, strconv.Itoa(listener.Addr().(*net.TCPAddr).Port))
	}
	return ports
}

func (a *runningApp) create(name string) *os.File {
	file, err := os.Create(filepath.Join(a.folder, name))
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = file.Close() })
	return file
}

func (a *runningApp) waitUntilReady() {
	a.t.Helper()
	deadline := time.Now().Add(startWithin)
	var seen string
	for time.Now().Before(deadline) {
		select {
		case <-a.ended:
			a.t.Fatalf("the app ended: %s: %s", a.command.ProcessState, a.errors())
		default:
		}
		ready, err := exchange(a.address, "GET", "/readyz", nil, "")
		if err == nil && ready.status == http.StatusOK {
			return
		}
		seen = fmt.Sprintf("status %d, error %v", ready.status, err)
		time.Sleep(askEvery)
	}
	a.t.Fatalf("not ready within %s; last seen: %s; %s", startWithin, seen, a.errors())
}

// exchange sends one request on a connection of its own. The target goes out as it is.
func exchange(address, method, target string, header map[string]string, body string) (answer, error) {
	connection, err := net.DialTimeout("tcp", address, answerIn)
	if err != nil {
		return answer{}, err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(answerIn)); err != nil {
		return answer{}, err
	}
	var request bytes.Buffer
	fmt.Fprintf(&request, "%s %s HTTP/1.1\r\nHost: dev.local:8080\r\nConnection: close\r\n", method, target)
	for name, value := range header {
		fmt.Fprintf(&request, "%s: %s\r\n", name, value)
	}
	if body != "" {
		fmt.Fprintf(&request, "Content-Length: %d\r\n", len(body))
	}
	fmt.Fprintf(&request, "\r\n%s", body)
	if _, err := connection.Write(request.Bytes()); err != nil {
		return answer{}, err
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text)}, err
}

func (a *runningApp) request(method, target string, header map[string]string) answer {
	a.t.Helper()
	got, err := exchange(a.address, method, target, header, "")
	if err != nil {
		a.t.Fatalf("%s %s: %v; %s", method, target, err, a.errors())
	}
	return got
}

func (a *runningApp) get() answer {
	a.t.Helper()
	return a.request("GET", route+"?"+goodQuery, nil)
}

// fault sends one request to the fault switch.
func (a *runningApp) fault(method, target, body string) answer {
	a.t.Helper()
	got, err := exchange(a.faults, method, target, map[string]string{"Authorization": "Bearer " + token}, body)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, target, err)
	}
	return got
}

type report struct {
	ID             string  `json:"id"`
	State          string  `json:"state"`
	Matched        int     `json:"matched"`
	Injected       int     `json:"injected"`
	CreatedAt      string  `json:"created_at"`
	ExpiresAt      string  `json:"expires_at"`
	LastInjectedAt *string `json:"last_injected_at"`
}

// startFault starts a fault of the route, with more fields as JSON.
func (a *runningApp) startFault(fields string) report {
	a.t.Helper()
	started := a.fault("POST", "/faults", fmt.Sprintf(`{"route":%q,"expires_in_ms":600000,%s}`, route, fields))
	if started.status != http.StatusCreated {
		a.t.Fatalf("the fault was not started: %d %s", started.status, started.body)
	}
	return parsed[report](a.t, started.body)
}

func (a *runningApp) reportOf(fault report) report {
	a.t.Helper()
	return parsed[report](a.t, a.fault("GET", "/faults/"+fault.ID, "").body)
}

func (a *runningApp) endFault(fault report) report {
	a.t.Helper()
	return parsed[report](a.t, a.fault("DELETE", "/faults/"+fault.ID, "").body)
}

// newLogLines are the lines on standard output since this was last asked. No waiting: they must be there.
func (a *runningApp) newLogLines() []string {
	a.t.Helper()
	text, err := os.ReadFile(filepath.Join(a.folder, "stdout"))
	if err != nil {
		a.t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	lines = lines[:len(lines)-1]
	fresh := lines[a.linesRead:]
	a.linesRead = len(lines)
	return fresh
}

type logLine struct {
	Time            string  `json:"time"`
	Level           string  `json:"level"`
	Msg             string  `json:"msg"`
	Method          string  `json:"method"`
	Route           string  `json:"route"`
	Path            string  `json:"path"`
	Query           string  `json:"query"`
	Status          int     `json:"status"`
	DurationSeconds float64 `json:"duration_seconds"`
	RequestID       string  `json:"request_id"`
	TraceID         string  `json:"trace_id"`
	SpanID          string  `json:"span_id"`
}

func (a *runningApp) onlyLogLine() logLine {
	a.t.Helper()
	lines := a.newLogLines()
	if len(lines) != 1 {
		a.t.Fatalf("expected exactly one line, saw %d: %q", len(lines), lines)
	}
	return parsed[logLine](a.t, lines[0])
}

// requestsTotal is http_requests_total by "method route status".
func (a *runningApp) requestsTotal() map[string]int {
	a.t.Helper()
	counted := map[string]int{}
	for line := range strings.Lines(a.request("GET", "/metrics", nil).body) {
		labels, found := strings.CutPrefix(line, "http_requests_total{")
		if !found {
			continue
		}
		var method, route, status string
		labels, value, _ := strings.Cut(strings.TrimSpace(labels), "} ")
		if _, err := fmt.Sscanf(labels, "method=%q,route=%q,status=%q", &method, &route, &status); err != nil {
			a.t.Fatalf("%s: %v", labels, err)
		}
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			a.t.Fatal(err)
		}
		counted[method+" "+route+" "+status] = int(number)
	}
	return counted
}

// end sends the signal and waits for the exit code.
func (a *runningApp) end(signal syscall.Signal) int {
	a.t.Helper()
	if err := a.command.Process.Signal(signal); err != nil {
		a.t.Fatal(err)
	}
	return a.exitCode()
}

func (a *runningApp) exitCode() int {
	a.t.Helper()
	select {
	case <-a.ended:
		return a.command.ProcessState.ExitCode()
	case <-time.After(endWithin):
		a.t.Fatalf("the app has not ended within %s", endWithin)
		return -1
	}
}

func (a *runningApp) errors() string {
	text, _ := os.ReadFile(filepath.Join(a.folder, "stderr"))
	return string(text)
}

func parsed[T any](t *testing.T, text string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%q is not what was expected: %v", text, err)
	}
	return value
}
