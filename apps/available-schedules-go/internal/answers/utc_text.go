package answers

import "time"

// UTCText is RFC 3339 in UTC with microseconds.
func UTCText(instant time.Time) string {
	return instant.UTC().Format("2006-01-02T15:04:05.000000Z")
}
