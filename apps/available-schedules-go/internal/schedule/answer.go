package schedule

import (
	"net/http"
	"time"

	"github.com/signalproof/available-schedules-go/internal/answers"
)

// RFC 3339, but an offset of zero is written as +00:00.
const localTimeLayout = "2006-01-02T15:04:05-07:00"

type availableSchedule struct {
	Professional professionalDocument `json:"professional"`
	Start        string               `json:"start"`
	End          string               `json:"end"`
	UnitID       *string              `json:"unit_id"`
	Timezone     string               `json:"timezone"`
	SlotMinutes  int                  `json:"slot_minutes"`
	Slots        []slotDocument       `json:"slots"`
}

type professionalDocument struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Specialty string `json:"specialty"`
}

type slotDocument struct {
	Start  string `json:"start"`
	End    string `json:"end"`
	UnitID string `json:"unit_id"`
}

// Answer is the contract's whole answer to a query string: 200, 400 or 404.
func (s *Schedules) Answer(rawQuery string) answers.Answer {
	query, errors := ParseQuery(rawQuery, s.ValidFrom, s.ValidUntil)
	if errors != nil {
		return answers.ProblemWithErrors(http.StatusBadRequest, "the query has errors", errors)
	}
	if unknown := s.NotFound(query); unknown != nil {
		return answers.ProblemWithErrors(http.StatusNotFound, "the clinic has no such professional or unit", unknown)
	}

	professional := s.Professionals[query.ProfessionalID]
	slots := s.FreeSlots(professional, query.Start, query.End, query.UnitID)
	documents := make([]slotDocument, 0, len(slots))
	for _, slot := range slots {
		documents = append(documents,
			slotDocument{slot.Start.Format(localTimeLayout), slot.End.Format(localTimeLayout), slot.UnitID})
	}
	return answers.JSON(http.StatusOK, availableSchedule{
		Professional: professionalDocument{professional.ID, professional.Name, professional.Specialty},
		Start:        query.Start.Format(dayLayout),
		End:          query.End.Format(dayLayout),
		UnitID:       nilIfEmpty(query.UnitID),
		Timezone:     s.Timezone,
		SlotMinutes:  int(professional.SlotLength / time.Minute),
		Slots:        documents,
	})
}

func nilIfEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
