package process

import (
	"reflect"
	"strings"
	"testing"
)

func from(environment map[string]string) (Settings, error) {
	return SettingsFrom(func(name string) (string, bool) {
		value, set := environment[name]
		return value, set
	})
}

func TestWithoutAnyVariableListensOnThisMachineOnlyAndHasNoFaultSwitch(t *testing.T) {
	settings, err := from(nil)
	expected := Settings{"127.0.0.1:8080", "../contract/schedules.json", nil, tracingDefaults}
	if err != nil || settings != expected {
		t.Errorf("expected %v, seen %v and %v", expected, settings, err)
	}
}

func TestReadsEveryVariable(t *testing.T) {
	settings, err := from(map[string]string{
		"LISTEN_ADDRESS":       "0.0.0.0:80",
		"SCHEDULE_DATA_FILE":   "/data.json",
		"FAULT_SWITCH_ADDRESS": "[::1]:81",
		"FAULT_SWITCH_TOKEN":   "0123456789abcdef",
	})
	expected := Settings{"0.0.0.0:80", "/data.json", &FaultSwitchSettings{"[::1]:81", "0123456789abcdef"}, tracingDefaults}
	if err != nil || !reflect.DeepEqual(settings, expected) {
		t.Errorf("expected %v, seen %v and %v", expected, settings, err)
	}
}

func TestRefusesAnAddressAndNamesItsVariable(t *testing.T) {
	for _, address := range []string{"", "8080", ":8080", "host:", "host:0", "host:65536", "::1:80", "host:8o"} {
		_, err := from(map[string]string{"LISTEN_ADDRESS": address})
		if said := "LISTEN_ADDRESS must be host:port"; err == nil || !strings.Contains(err.Error(), said) ||
			!strings.Contains(err.Error(), "but is '"+address+"'") {
			t.Errorf("%q: expected %q, seen %v", address, said, err)
		}
	}
}

func TestRefusesAShortToken(t *testing.T) {
	for _, token := range []string{"", "0123456789abcde", strings.Repeat("é", 15)} {
		_, err := from(map[string]string{"FAULT_SWITCH_ADDRESS": "127.0.0.1:1", "FAULT_SWITCH_TOKEN": token})
		if err == nil || !strings.Contains(err.Error(), "at least 16 characters") {
			t.Errorf("%q: expected a refusal, seen %v", token, err)
		}
	}
}
