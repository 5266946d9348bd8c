/** Thrown by a claim whose environment lacks what it would look at. */
export class SkippedClaim extends Error {}
