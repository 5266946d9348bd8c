/** The line of an error that says what was seen; a reason that is no error as it stands. */
export function seenOf(reason: string | undefined): string {
  if (reason === undefined) return 'no reason was given'
  return /^ *seen: (.*)$/m.exec(reason)?.[1] ?? reason.split('\n')[0] ?? reason
}
