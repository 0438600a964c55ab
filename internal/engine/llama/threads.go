package llama

import (
	"io/fs"
	"os"
	"runtime"
)

// defaultThreads leaves one core to everything else: generation waits for its
// slowest thread, so a thread that must share a core slows down all.
func defaultThreads() int {
	cores := physicalCores(os.DirFS("/sys/devices/system/cpu"))
	if cores == 0 {
		cores = runtime.NumCPU()
	}
	// GOMAXPROCS knows the quota of the container and the affinity mask.
	return max(1, min(cores, runtime.GOMAXPROCS(0))-1)
}

// physicalCores counts cores, not the threads that share one. It returns 0
// when the system does not say.
func physicalCores(cpus fs.FS) int {
	lists, err := fs.Glob(cpus, "cpu[0-9]*/topology/thread_siblings_list")
	if err != nil {
		return 0
	}
	cores := map[string]bool{}
	for _, path := range lists {
		if siblings, err := fs.ReadFile(cpus, path); err == nil {
			cores[string(siblings)] = true
		}
	}
	return len(cores)
}
