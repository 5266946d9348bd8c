// Package tracing makes spans with OpenTelemetry's SDK, and knows what became of each.
package tracing
