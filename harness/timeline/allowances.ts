/** What is granted beside what the configuration in force allows. */

/** For the work of one hop: processing, a busy machine, and how often the harness looks. */
export const allowanceMs = 250

/** The same where the whole of Kubernetes runs on the machine beside the stack. */
export const allowanceBesideKubernetesMs = 750

/** For a look that only has to be answered: no hop is timed by it, so a busy machine may take its time. */
export const answerMs = 2_000
