import { annotationNames } from '../openslo.ts'

/** Where the values of an objective stand in its OpenSLO document. */

const query = (part: 'total' | 'bad' | 'good') => [
  'spec',
  'indicator',
  'spec',
  'ratioMetric',
  part,
  'metricSource',
  'spec',
  'query',
]

export const placeOf = {
  target: ['spec', 'objectives', 0, 'target'],
  period: ['spec', 'timeWindow', 0, 'duration'],
  minimumFailures: ['metadata', 'annotations', annotationNames.minimumFailures],
  pages: ['metadata', 'annotations', annotationNames.pages],
  query,
} as const
