package faultswitch

import (
	"crypto/subtle"
	"io"
	"net/http"
	"strings"

	"github.com/signalproof/available-schedules-go/internal/answers"
)

// Admin is the HTTP side of the fault switch: every call needs the token.
type Admin struct {
	Faults *Switch
	Routes []string
	Token  string
}

func (a *Admin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.answer(r).Send(w)
}

func (a *Admin) answer(r *http.Request) answers.Answer {
	if !a.permitted(r) {
		refusal := answers.Problem(http.StatusUnauthorized, "a valid token is required")
		refusal.Header = http.Header{"Www-Authenticate": {"Bearer"}}
		return refusal
	}
	if r.URL.Path == "/faults" {
		return a.all(r)
	}
	id, under := strings.CutPrefix(r.URL.Path, "/faults/")
	if !under || id == "" || strings.Contains(id, "/") {
		return answers.NotServed()
	}
	return a.one(r, id)
}

func (a *Admin) permitted(r *http.Request) bool {
	given := r.Header["Authorization"]
	return len(given) == 1 && subtle.ConstantTimeCompare([]byte(given[0]), []byte("Bearer "+a.Token)) == 1
}

func (a *Admin) all(r *http.Request) answers.Answer {
	switch r.Method {
	case http.MethodGet:
		return answers.JSON(http.StatusOK, map[string][]Report{"faults": a.Faults.Reports()})
	case http.MethodPost:
		return a.start(r)
	}
	return answers.MethodNotAllowed("GET", "POST")
}

func (a *Admin) start(r *http.Request) answers.Answer {
	// One byte more than is taken shows that there is too much. A body that breaks off is not a JSON object.
	body, _ := io.ReadAll(io.LimitReader(r.Body, largestBodyBytes+1))
	asked, errors := ParseRequest(body, a.Routes)
	if errors != nil {
		return answers.ProblemWithErrors(http.StatusBadRequest, "the fault has errors", errors)
	}
	report := a.Faults.Start(asked)
	answer := answers.JSON(http.StatusCreated, report)
	answer.Header = http.Header{"Location": {"/faults/" + report.ID}}
	return answer
}

func (a *Admin) one(r *http.Request, id string) answers.Answer {
	var report Report
	var known bool
	switch r.Method {
	case http.MethodGet:
		report, known = a.Faults.Report(id)
	case http.MethodDelete:
		report, known = a.Faults.End(id)
	default:
		return answers.MethodNotAllowed("DELETE", "GET")
	}
	if !known {
		return answers.Problem(http.StatusNotFound, "no fault has this id")
	}
	return answers.JSON(http.StatusOK, report)
}
