//go:build !linux

package llama

func defaultThreads() int { return 1 } // no server runs here, see sandbox
