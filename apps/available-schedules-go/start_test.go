package main

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"
)

// ended runs the app where it is expected not to start.
func ended(t *testing.T, environment ...string) (code int, stdout, stderr string) {
	t.Helper()
	command := appCommand(append([]string{"LISTEN_ADDRESS=127.0.0.1:" + freePorts(t, 1)[0]}, environment...)...)
	var out, err bytes.Buffer
	command.Stdout, command.Stderr = &out, &err
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	// An app that starts all the same is killed, and its exit code is -1.
	killer := time.AfterFunc(endWithin, func() { _ = command.Process.Kill() })
	defer killer.Stop()
	_ = command.Wait()
	return command.ProcessState.ExitCode(), out.String(), err.String()
}

func TestDoesNotStartWithAFaultSwitchThatAnyoneCouldUse(t *testing.T) {
	code, stdout, stderr := ended(t, "FAULT_SWITCH_ADDRESS=127.0.0.1:9999", "FAULT_SWITCH_TOKEN=0123456789abcde")
	expected := "available-schedules-go: FAULT_SWITCH_TOKEN must have at least 16 characters when " +
		"FAULT_SWITCH_ADDRESS is set, but has 15; set a longer token, or unset the address\n"
	if code != 2 || stdout != "" || stderr != expected {
		t.Errorf("expected 2 and %q, seen %d and %q", expected, code, stderr)
	}
}

func TestDoesNotStartWithoutItsData(t *testing.T) {
	code, _, stderr := ended(t, "SCHEDULE_DATA_FILE=nothing.json")
	if code != 2 || !strings.Contains(stderr, "nothing.json cannot be read") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("expected 2 and one line that names the file, seen %d and %q", code, stderr)
	}
}

func TestDoesNotStartOnAnAddressThatIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, variable := range []string{"LISTEN_ADDRESS", "FAULT_SWITCH_ADDRESS"} {
		code, _, stderr := ended(t, "FAULT_SWITCH_TOKEN="+token, variable+"="+taken.Addr().String())
		if code != 1 || !strings.Contains(stderr, "cannot listen on "+taken.Addr().String()) {
			t.Errorf("%s: expected 1 and the address, seen %d and %q", variable, code, stderr)
		}
	}
}
