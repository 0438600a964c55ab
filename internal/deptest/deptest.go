// Package deptest holds tests about the source itself: which room may import which,
// and which may open a socket or start a program, each with the reason.
//
// First step: go test ./internal/deptest. A failure prints the file, the line and
// the reason; the tables are in rooms_test.go and sockets_test.go. Danger: a rule
// is only as good as its reason. Change a table when the reason no longer holds,
// not because a test is in the way.
package deptest
