package process

import (
	"fmt"
	"os"
)

// Announce says something of the process itself, on standard error: standard output is for request lines alone.
func Announce(line string) {
	fmt.Fprintf(os.Stderr, "available-schedules-go: %s\n", line)
}
