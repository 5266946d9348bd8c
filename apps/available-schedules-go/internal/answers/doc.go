// Package answers is how every body of this app is written.
package answers
