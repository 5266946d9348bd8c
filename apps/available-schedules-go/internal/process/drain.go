package process

import (
	"context"
	"sync"
)

// Drain knows which requests were in flight when the process was told to stop, and when they are done.
//
// Requests that arrive later are still served, as long as the listener is open, but not waited for: steady traffic
// must not keep a stopping process up.
type Drain struct {
	mutex    sync.Mutex
	inFlight int
	stopping bool
	done     chan struct{}
}

// NewDrain makes a drain for a process that is not stopping.
func NewDrain() *Drain {
	return &Drain{done: make(chan struct{})}
}

// Request is called when a request arrives; what it returns, when the request is answered.
func (d *Drain) Request() (end func()) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.stopping {
		return func() {}
	}
	d.inFlight++
	return func() {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		d.inFlight--
		d.settle()
	}
}

// Stop says that the process is to end. It is called once.
func (d *Drain) Stop() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.stopping = true
	d.settle()
}

// Stopping tells whether the process is to end.
func (d *Drain) Stopping() bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.stopping
}

// Done waits for the requests in flight at the stop; false if some are not done when the context ends.
func (d *Drain) Done(ctx context.Context) bool {
	select {
	case <-d.done:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *Drain) settle() {
	if d.stopping && d.inFlight == 0 {
		close(d.done)
	}
}
