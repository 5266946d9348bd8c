package observation

import (
	"io"
	"sync"
	"time"

	"github.com/signalproof/available-schedules-go/internal/answers"
)

// logLine is the one line of a request; its fields stand in the order of the contract.
type logLine struct {
	Time            string  `json:"time"`
	Level           string  `json:"level"`
	Msg             string  `json:"msg"`
	Method          string  `json:"method"`
	Route           string  `json:"route"`
	Path            string  `json:"path"`
	Query           string  `json:"query"`
	Status          int     `json:"status"`
	DurationSeconds float64 `json:"duration_seconds"`
	RequestID       string  `json:"request_id"`
	TraceID         string  `json:"trace_id"`
	SpanID          string  `json:"span_id"`
}

// RequestLog writes one line a request, each by one write that no buffer holds back: who has the answer finds the line.
type RequestLog struct {
	mutex sync.Mutex
	out   io.Writer
}

// NewRequestLog logs to out.
func NewRequestLog(out io.Writer) *RequestLog {
	return &RequestLog{out: out}
}

func (l *RequestLog) write(line logLine) {
	line.Msg = "request"
	line.Level = level(line.Status)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	// Under the lock, so that the lines' times are in the order of the lines.
	line.Time = answers.UTCText(time.Now())
	// There is nowhere to report a log that cannot be written to, and the request is answered all the same.
	_, _ = l.out.Write(append(answers.Compact(line), '\n'))
}

func level(status int) string {
	switch {
	case status >= 500:
		return "error"
	case status >= 400:
		return "warn"
	}
	return "info"
}
