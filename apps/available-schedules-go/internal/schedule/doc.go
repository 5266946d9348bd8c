// Package schedule is what is asked for, what the clinic's data says, and the slots that are free.
package schedule
