package observation

import (
	"strings"
	"testing"
)

func TestTheServerIsWhatTheHostHeaderSays(t *testing.T) {
	for host, expected := range map[string]string{
		"dev.local":      "server.address=dev.local",
		"dev.local:8080": "server.address=dev.local server.port=8080",
		"[::1]:80":       "server.address=::1 server.port=80",
		"[::1]":          "server.address=::1",
		"dev.local:":     "server.address=dev.local",
		"dev.local:http": "server.address=dev.local",
		":8080":          "",
		"":               "",
	} {
		var seen []string
		for _, attribute := range serverAttributes(host) {
			seen = append(seen, string(attribute.Key)+"="+attribute.Value.String())
		}
		if seen := strings.Join(seen, " "); seen != expected {
			t.Errorf("%q: expected %q, seen %q", host, expected, seen)
		}
	}
}

func TestASpansNameIsBounded(t *testing.T) {
	for _, row := range []struct{ method, route, expected string }{
		{"GET", "/a", "GET /a"},
		{"BREW", "/a", "HTTP /a"},
		{"get", "/a", "HTTP /a"},
		{"POST", Unmatched, "POST"},
		{"BREW", Unmatched, "HTTP"},
	} {
		if seen := spanName(row.method, row.route); seen != row.expected {
			t.Errorf("expected %q, seen %q", row.expected, seen)
		}
	}
}
