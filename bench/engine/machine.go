package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// memory reads a figure of a process in MiB; 0 where the system has none.
func memory(pid int, name string) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kib int
		if rest, found := strings.CutPrefix(line, name+":"); found {
			if _, err := fmt.Sscanf(rest, "%d", &kib); err == nil {
				return kib >> 10
			}
		}
	}
	return 0
}

// cpuTime is what a process has used of all CPUs. The unit of the kernel's
// figures is a hundredth of a second on every system that Go runs on.
func cpuTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The second field, in brackets, may hold anything.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err1 != nil || err2 != nil {
		return 0
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

func cpuName() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(info)) {
		if rest, found := strings.CutPrefix(line, "model name"); found {
			return strings.Trim(rest, "\t :\n")
		}
	}
	return "unknown"
}
