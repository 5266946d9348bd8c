/**
 * Loaded before the command of one run of a series: when the series is gone, however it went, the run ends in order. The
 * channel to the series is what tells it.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The listener alone must not keep a run that has ended alive.
process.channel?.unref()
