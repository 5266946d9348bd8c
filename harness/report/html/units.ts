/** Values as Grafana's ids of units mean them, short enough for an axis. */

type Format = (value: number) => string

const plain: Format = (value) => {
  const size = Math.abs(value)
  if (size >= 1e9) return `${short(value / 1e9)}G`
  if (size >= 1e6) return `${short(value / 1e6)}M`
  if (size >= 10_000) return `${short(value / 1e3)}k`
  return short(value)
}

const short = (value: number): string =>
  Math.abs(value) < 1e-4 && value !== 0 ? value.toExponential(0) : String(Number(value.toPrecision(3)))

const seconds: Format = (value) => {
  const size = Math.abs(value)
  if (size === 0) return '0 s'
  if (size < 1e-3) return `${short(value * 1e6)} µs`
  if (size < 1) return `${short(value * 1e3)} ms`
  if (size < 120) return `${short(value)} s`
  return size < 7200 ? `${short(value / 60)} min` : `${short(value / 3600)} h`
}

const steps =
  (base: number, names: readonly string[]): Format =>
  (value) => {
    const power = Math.min(
      names.length - 1,
      Math.max(0, Math.floor(Math.log(Math.abs(value) || 1) / Math.log(base))),
    )
    return `${short(value / base ** power)} ${names[power]}`
  }

const followedBy =
  (suffix: string): Format =>
  (value) =>
    `${plain(value)}${suffix}`

const binary = steps(1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'])
const decimal = steps(1000, ['B', 'kB', 'MB', 'GB', 'TB'])

const formats: Readonly<Record<string, Format>> = {
  s: seconds,
  ms: (value) => seconds(value / 1e3),
  µs: (value) => seconds(value / 1e6),
  ns: (value) => seconds(value / 1e9),
  percentunit: (value) => `${short(value * 100)} %`,
  percent: (value) => `${short(value)} %`,
  reqps: followedBy(' req/s'),
  rps: followedBy(' req/s'),
  ops: followedBy(' op/s'),
  cps: followedBy(' /s'),
  eps: followedBy(' /s'),
  wps: followedBy(' /s'),
  bytes: binary,
  decbytes: decimal,
  binBps: (value) => `${binary(value)}/s`,
  Bps: (value) => `${decimal(value)}/s`,
  cores: followedBy(' cores'),
}

/** A value of a panel for its reader; a unit that is not known adds nothing. */
export function formatValue(value: number, unit: string | undefined): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : '–'
  return (formats[unit ?? ''] ?? plain)(value).replaceAll(' ', '\u00a0').replace(/^-/, '−')
}

export const isBinary = (unit: string | undefined): boolean => unit === 'bytes' || unit === 'binBps'

/** Round numbers of bytes from 0: 0, 32 MiB, 64 MiB. */
export function binaryTicks(most: number): number[] {
  if (!(most > 0)) return [0]
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(most / 4)))
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
}
