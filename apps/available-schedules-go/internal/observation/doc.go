// Package observation is what the outside can know of a request: counter, histogram, log line, request id, span.
package observation
