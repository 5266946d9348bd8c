// Package process is the life of the process: settings, listeners, signals, the end.
package process
