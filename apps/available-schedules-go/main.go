// The free slots of a clinic's professional: version 2 of the contract in ../contract/openapi.yaml.
package main

import (
	"os"

	"github.com/signalproof/available-schedules-go/internal/api"
	"github.com/signalproof/available-schedules-go/internal/faultswitch"
	"github.com/signalproof/available-schedules-go/internal/observation"
	"github.com/signalproof/available-schedules-go/internal/process"
	"github.com/signalproof/available-schedules-go/internal/schedule"
	"github.com/signalproof/available-schedules-go/internal/tracing"
)

const (
	cannotServe   = 1
	wrongSettings = 2
)

func main() {
	settings, err := process.SettingsFrom(os.LookupEnv)
	exitOn(err, wrongSettings)
	schedules, err := schedule.Load(settings.DataFile)
	exitOn(err, wrongSettings)
	traces, err := tracing.New(settings.Tracing)
	exitOn(err, wrongSettings)
	exitOn(run(settings, schedules, traces), cannotServe)
}

func run(settings process.Settings, schedules *schedule.Schedules, traces *tracing.Tracing) error {
	drain, faults := process.NewDrain(), faultswitch.NewSwitch()
	listener, err := process.Listen(settings.Listen)
	if err != nil {
		return err
	}
	all := []process.Served{{
		Handler:  api.New(schedules, observation.NewRequestLog(os.Stdout), traces, faults, drain),
		Listener: listener,
	}}
	if settings.FaultSwitch != nil {
		listener, err := process.Listen(settings.FaultSwitch.Address)
		if err != nil {
			return err
		}
		admin := &faultswitch.Admin{Faults: faults, Routes: []string{api.Route}, Token: settings.FaultSwitch.Token}
		all = append(all, process.Served{Handler: admin, Listener: listener})
	}
	process.Announce("listening on " + settings.Listen)
	return process.Serve(drain, traces, all...)
}

func exitOn(err error, code int) {
	if err != nil {
		process.Announce(err.Error())
		os.Exit(code)
	}
}
