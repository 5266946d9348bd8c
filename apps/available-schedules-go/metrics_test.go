package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestEveryRouteAndStatusStartsAtZero(t *testing.T) {
	expected := map[string]int{"GET <unmatched> 404": 0}
	for _, status := range []int{200, 400, 404, 405, 500, 502, 503, 504} {
		expected[fmt.Sprintf("GET %s %d", route, status)] = 0
	}
	if seen := startApp(t).requestsTotal(); !maps.Equal(seen, expected) {
		t.Errorf("expected %v, seen %v", expected, seen)
	}
}

func TestProbesAndScrapesAreNeitherCountedNorLogged(t *testing.T) {
	app := startApp(t)
	before := app.requestsTotal()
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		for _, method := range []string{"GET", "HEAD"} {
			if seen := app.request(method, path, nil); seen.status != 200 {
				t.Errorf("%s %s: expected 200, seen %d", method, path, seen.status)
			}
		}
		if seen := app.request("POST", path, nil).header.Get("Allow"); seen != "GET, HEAD" {
			t.Errorf("POST %s: expected Allow: GET, HEAD, seen %q", path, seen)
		}
	}
	if after := app.requestsTotal(); !maps.Equal(before, after) {
		t.Errorf("expected %v, seen %v", before, after)
	}
	if lines := app.newLogLines(); len(lines) != 0 {
		t.Errorf("expected no line, seen %q", lines)
	}
}

func TestCountsARequestOnceBeforeItsAnswerHasArrived(t *testing.T) {
	app := startApp(t)
	for _, row := range []struct{ method, target, counted string }{
		{"GET", route + "?" + goodQuery, "GET " + route + " 200"},
		{"HEAD", route + "?" + goodQuery, "HEAD " + route + " 200"},
		{"GET", route, "GET " + route + " 400"},
		{"GET", route + "?" + goodQuery + "&unit_id=belem", "GET " + route + " 404"},
		{"POST", route, "POST " + route + " 405"},
		{"BREW", route, "_OTHER " + route + " 405"},
		{"get", route, "_OTHER " + route + " 405"},
		{"GET", "/", "GET <unmatched> 404"},
		{"GET", route + "%0A", "GET <unmatched> 404"},
		{"GET", "/metrics%0A", "GET <unmatched> 404"},
	} {
		t.Run(row.method+" "+row.target, func(t *testing.T) {
			expected := app.requestsTotal()
			expected[row.counted]++
			app.request(row.method, row.target, nil)
			if seen := app.requestsTotal(); !maps.Equal(seen, expected) {
				t.Errorf("expected %v, seen %v", expected, seen)
			}
		})
	}
}

func TestAClientCannotInventSeries(t *testing.T) {
	app := startApp(t)
	expected := len(app.requestsTotal()) + 1
	for number := range 3 {
		app.request(fmt.Sprintf("INVENT%d", number), fmt.Sprintf("/invented-%d?a=%d", number, number), nil)
	}
	if seen := app.requestsTotal(); len(seen) != expected || seen["_OTHER <unmatched> 404"] != 3 {
		t.Errorf("expected %d series, the new one at 3, seen %v", expected, seen)
	}
}

func TestTheHistogramHasExactlyTheEdgesOfTheContract(t *testing.T) {
	app := startApp(t)
	prefix := fmt.Sprintf(`http_request_duration_seconds_bucket{method="GET",route=%q,le="`, route)
	var edges []string
	for line := range strings.Lines(app.request("GET", "/metrics", nil).body) {
		if rest, found := strings.CutPrefix(line, prefix); found {
			edge, _, _ := strings.Cut(rest, `"`)
			number, err := strconv.ParseFloat(edge, 64)
			if err != nil {
				t.Fatal(err)
			}
			edges = append(edges, fmt.Sprint(number))
		}
	}
	expected := []string{"0.005", "0.01", "0.025", "0.05", "0.1", "0.2", "0.3", "0.5", "1", "2.5", "+Inf"}
	if !slices.Equal(edges, expected) {
		t.Errorf("expected %v, seen %v", expected, edges)
	}
}

func TestSpeaksOpenMetricsToAScraperThatAsksForIt(t *testing.T) {
	app := startApp(t)
	asked := map[string]string{"Accept": "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;q=0.5"}
	seen := app.request("GET", "/metrics", asked)
	mediaType := "application/openmetrics-text; version=1.0.0"
	if !strings.HasPrefix(seen.header.Get("Content-Type"), mediaType) || !strings.HasSuffix(seen.body, "# EOF\n") {
		t.Errorf("expected %s up to # EOF, seen %s", mediaType, seen.header.Get("Content-Type"))
	}
	if plain := app.request("GET", "/metrics", nil).header.Get("Content-Type"); !strings.HasPrefix(plain, "text/plain; version=") {
		t.Errorf("expected text/plain, seen %s", plain)
	}
}
