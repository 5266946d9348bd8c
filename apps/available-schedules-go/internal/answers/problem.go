package answers

import (
	"net/http"
	"strings"
)

type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors any    `json:"errors,omitempty"`
}

// Problem is an RFC 9457 problem document.
func Problem(status int, detail string) Answer {
	return ProblemWithErrors(status, detail, nil)
}

// ProblemWithErrors is a problem document whose errors name each part of the request that was refused.
func ProblemWithErrors(status int, detail string, errors any) Answer {
	answer := JSON(status, problem{"about:blank", http.StatusText(status), status, detail, errors})
	answer.MediaType = "application/problem+json"
	return answer
}

// NotServed is the 404 for a path that is no route.
func NotServed() Answer {
	return Problem(http.StatusNotFound, "nothing is served at this path")
}

// MethodNotAllowed is the 405 for a route that answers only the methods allowed, which are given sorted.
func MethodNotAllowed(allowed ...string) Answer {
	answer := Problem(http.StatusMethodNotAllowed, "this path answers "+strings.Join(allowed, " and "))
	answer.Header = http.Header{"Allow": {strings.Join(allowed, ", ")}}
	return answer
}
