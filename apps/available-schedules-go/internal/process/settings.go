package process

import (
	"fmt"
	"net"
	"strconv"
	"unicode/utf8"
)

const shortestTokenLength = 16

// Settings are what the environment can decide. FaultSwitch is nil where none is to be.
type Settings struct {
	Listen      string
	DataFile    string
	FaultSwitch *FaultSwitchSettings
	Tracing     TracingSettings
}

// FaultSwitchSettings are the address and the token of the fault switch.
type FaultSwitchSettings struct {
	Address string
	Token   string
}

// SettingsFrom reads the settings with a function like os.LookupEnv; the error says which variable is wrong and how.
func SettingsFrom(lookup func(string) (string, bool)) (Settings, error) {
	get := func(name, fallback string) string {
		if value, set := lookup(name); set {
			return value
		}
		return fallback
	}
	settings := Settings{
		Listen:   get("LISTEN_ADDRESS", "127.0.0.1:8080"),
		DataFile: get("SCHEDULE_DATA_FILE", "../contract/schedules.json"),
	}
	if err := checkAddress("LISTEN_ADDRESS", settings.Listen); err != nil {
		return Settings{}, err
	}
	if address := get("FAULT_SWITCH_ADDRESS", ""); address != "" {
		token := get("FAULT_SWITCH_TOKEN", "")
		if length := utf8.RuneCountInString(token); length < shortestTokenLength {
			return Settings{}, fmt.Errorf("FAULT_SWITCH_TOKEN must have at least %d characters when "+
				"FAULT_SWITCH_ADDRESS is set, but has %d; set a longer token, or unset the address", shortestTokenLength, length)
		}
		if err := checkAddress("FAULT_SWITCH_ADDRESS", address); err != nil {
			return Settings{}, err
		}
		settings.FaultSwitch = &FaultSwitchSettings{address, token}
	}
	tracing, err := tracingFrom(lookup)
	if err != nil {
		return Settings{}, err
	}
	settings.Tracing = tracing
	return settings, nil
}

func checkAddress(name, address string) error {
	host, port, err := net.SplitHostPort(address)
	if number, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil || host == "" || number == 0 {
		return fmt.Errorf("%s must be host:port with a port from 1 to 65535, but is '%s'; "+
			"try 127.0.0.1:8080 or [::1]:8080", name, address)
	}
	return nil
}
