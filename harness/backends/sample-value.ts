/** A sample's value as Prometheus writes it, in its API and in the text format alike: Go's notation of infinity is its own. */
export const parseSampleValue = (text: string): number => Number(text.replace(/Inf$/, 'Infinity'))
