package process

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// ShutdownBound is the time that a stopping process gives to requests in flight and to spans. Only a test changes it.
var ShutdownBound = 5 * time.Second

// Longer than the 90 s for which an ingress keeps an idle connection by default: the side that sends must be the one
// that closes, or a request meets a connection that is just being closed.
const keepAlive = 120 * time.Second

// Spans are to be delivered before the process ends.
type Spans interface {
	// Flush delivers what has ended so far, as far as the context lets it.
	Flush(within context.Context)
	// Close is the last flush.
	Close(within context.Context)
}

// Served is a handler and the listener on which it answers.
type Served struct {
	Handler  http.Handler
	Listener net.Listener
}

// Listen opens the listener at once, so that two are there both or not at all.
func Listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return listener, nil
}

// Serve answers on every listener until SIGTERM or SIGINT, then lets requests in flight finish and delivers the spans,
// both within the bound. The error is that of a listener that broke.
func Serve(drain *Drain, spans Spans, all ...Served) error {
	stopped, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer restore()

	broken := make(chan error, len(all))
	servers := make([]*http.Server, 0, len(all))
	for _, served := range all {
		server := &http.Server{
			Handler:                      served.Handler,
			ReadHeaderTimeout:            10 * time.Second,
			IdleTimeout:                  keepAlive,
			DisableGeneralOptionsHandler: true,
		}
		servers = append(servers, server)
		go func() { broken <- server.Serve(served.Listener) }()
	}
	select {
	case err := <-broken:
		return err
	case <-stopped.Done():
	}

	// A second signal ends the process at once.
	restore()
	bounded, cancel := context.WithTimeout(context.Background(), ShutdownBound)
	defer cancel()
	drain.Stop()
	// At once: a request that takes up the whole bound costs the others' spans nothing.
	go spans.Flush(bounded)
	drain.Done(bounded)
	late := false
	for _, server := range servers {
		late = server.Shutdown(bounded) != nil || late
	}
	spans.Close(bounded)
	if late {
		Announce(fmt.Sprintf("requests were still in flight after %g s and are cut off", ShutdownBound.Seconds()))
	}
	return nil
}
