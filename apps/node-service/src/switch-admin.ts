import { createHash, timingSafeEqual } from 'node:crypto'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { answerError, answerNotFound, answerOnly, sendProblem } from './problem.ts'
import type { Switch, SwitchBoard, SwitchLimits } from './switch-board.ts'
import { type FieldError, type FieldRule, readFields } from './switch-fields.ts'

const largestBodyBytes = 16_384

/** What a service's switch is about: a `fault` of a route, a `refusal` of a receiver. */
export interface SwitchKind<What> {
  /** Singular; the collection is its plural: `/faults`. */
  readonly noun: string
  readonly fields: readonly FieldRule[]
  /** Builds the switch from the fields, which have been accepted. */
  readonly build: (given: Readonly<Record<string, unknown>>) => { what: What; limits: SwitchLimits }
  readonly report: (one: Switch<What>) => object
}

/** The fault switch's own app, for its own address: POST, GET and DELETE on a board, every call with the bearer token. */
export function createSwitchAdmin<What>(
  token: string,
  board: SwitchBoard<What>,
  kind: SwitchKind<What>,
): Express {
  const { noun, fields, build, report } = kind
  const collection = `${noun}s`
  const refuse = (response: Response, errors: readonly FieldError[]) =>
    sendProblem(response, 400, `the ${noun} has errors`, errors)
  const withSwitch =
    (answer: (one: Switch<What>, response: Response) => void) => (request: Request, response: Response) => {
      const one = board.get(String(request.params.id))
      if (one === undefined) sendProblem(response, 404, `no ${noun} has this id`)
      else answer(one, response)
    }
  const notJson: FieldError = {
    field: null,
    code: 'not_json',
    detail: `the body must be a JSON object of at most ${largestBodyBytes} bytes`,
  }
  const refuseUnreadable: ErrorRequestHandler = (_error, _request, response, _next) =>
    refuse(response, [notJson])

  const app = express().disable('x-powered-by').disable('etag')
  app.use(requireToken(token))
  app
    .route(`/${collection}`)
    .get((_request, response) => void response.json({ [collection]: board.all().map(report) }))
    .post(
      express.raw({ type: () => true, limit: largestBodyBytes }),
      (request: Request, response: Response) => {
        const read = readFields(Buffer.isBuffer(request.body) ? request.body.toString() : '', fields, noun)
        const errors = read?.errors ?? [notJson]
        if (read === undefined || errors.length > 0) return refuse(response, errors)
        const { what, limits } = build(read.given)
        const created = board.set(what, limits)
        response.status(201).location(`/${collection}/${created.id}`).json(report(created))
      },
      refuseUnreadable,
    )
    .all(answerOnly('GET', 'POST'))
  app
    .route(`/${collection}/:id`)
    .get(withSwitch((one, response) => void response.json(report(one))))
    .delete(
      withSwitch((one, response) => {
        one.end()
        response.json(report(one))
      }),
    )
    .all(answerOnly('DELETE', 'GET'))
  app.use(answerNotFound)
  app.use(answerError)
  return app
}

/** Compares digests: they are of one length, so that the time taken says nothing about the token. */
function requireToken(token: string): RequestHandler {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(`Bearer ${token}`)
  return (request, response, next) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return next()
    response.setHeader('WWW-Authenticate', 'Bearer')
    sendProblem(response, 401, 'a valid token is required')
  }
}
