package answers

import (
	"maps"
	"net/http"
	"strconv"
)

// Answer is a whole response, made before its first byte goes out: what is counted and logged is what is sent.
type Answer struct {
	Status    int
	MediaType string
	Header    http.Header
	Body      []byte
}

// JSON answers with a status and a document.
func JSON(status int, document any) Answer {
	return Answer{Status: status, MediaType: "application/json", Body: Compact(document)}
}

// Send writes the answer. For HEAD, net/http leaves the body out.
func (a Answer) Send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.Header)
	w.Header().Set("Content-Type", a.MediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
	// A client that has gone away is no fault of the app, and its request has been recorded.
	_, _ = w.Write(a.Body)
}
