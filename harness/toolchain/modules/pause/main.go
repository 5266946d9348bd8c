// Command pause is the first process of every pod on the node that is built here: it keeps the pod's namespaces while
// containers come and go, and reaps the processes that they leave behind where they share its process namespace.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Set by the linker.
var version = "unknown"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-version" {
		fmt.Println("pause, version", version)
		return
	}
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	// A child that ended before the line above sent its signal to nobody.
	reap()
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		reap()
	}
}

// One signal may stand for several children.
func reap() {
	for {
		ended, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if ended <= 0 {
			return
		}
	}
}
