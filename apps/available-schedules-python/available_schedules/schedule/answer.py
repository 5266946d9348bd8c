from starlette.responses import Response

from ..answers.json_text import compact
from ..answers.problem import problem
from .data import Schedules
from .free_slots import free_slots
from .query import not_found, parse_query


def answer(raw_query: bytes, schedules: Schedules) -> Response:
    """The contract's whole answer to a query string: 200, 400 or 404."""
    query = parse_query(raw_query, schedules.valid_from, schedules.valid_until)
    if isinstance(query, list):
        return problem(400, "the query has errors", [error.document() for error in query])
    unknown = not_found(query, schedules)
    if unknown:
        detail = "the clinic has no such professional or unit"
        return problem(404, detail, [error.document() for error in unknown])

    professional = schedules.professional_by_id[query.professional_id]
    slots = free_slots(schedules, professional, query.start, query.end, query.unit_id)
    document = {
        "professional": {
            "id": professional.id,
            "name": professional.name,
            "specialty": professional.specialty,
        },
        "start": query.start.isoformat(),
        "end": query.end.isoformat(),
        "unit_id": query.unit_id,
        "timezone": schedules.clinic.timezone,
        "slot_minutes": professional.slot_minutes,
        "slots": [
            {"start": slot.start.isoformat(), "end": slot.end.isoformat(), "unit_id": slot.unit_id}
            for slot in slots
        ],
    }
    return Response(compact(document), media_type="application/json")
