package build

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"

	"ringfence/internal/model/child"
)

// Tools are the programs that compiling needs.
type Tools struct {
	Compiler string // path
	Version  string // first line of what it says about itself
	Git      string // path
}

// MissingTools says which programs are needed and how to install them.
type MissingTools struct{ Names []string }

func (m *MissingTools) Error() string {
	return fmt.Sprintf("%s needed to compile the engine front: on Debian or Ubuntu run `apt-get install g++ git`, "+
		"on Fedora or RHEL `dnf install gcc-c++ git`", strings.Join(m.Names, " and ")+" not found, but")
}

// FindTools looks for a C++ compiler ($CXX, g++, c++ or clang++) and git. The
// error is a [*MissingTools] when one is not there.
func FindTools(ctx context.Context) (Tools, error) {
	var tools Tools
	missing := &MissingTools{}
	for _, name := range []string{os.Getenv("CXX"), "g++", "c++", "clang++"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			tools.Compiler = path
			break
		}
	}
	if tools.Compiler == "" {
		missing.Names = append(missing.Names, "g++")
	}
	git, err := exec.LookPath("git")
	if err != nil {
		missing.Names = append(missing.Names, "git")
	}
	if len(missing.Names) > 0 {
		return Tools{}, missing
	}
	tools.Git = git
	out, err := child.Run(ctx, child.Command{Name: tools.Compiler, Args: []string{"--version"}, Env: []string{"LC_ALL=C"}})
	if err != nil {
		return Tools{}, err
	}
	tools.Version, _, _ = strings.Cut(string(out), "\n")
	return tools, nil
}

// availableMemory is what the kernel says could be used, in bytes; a very large
// number when it says nothing.
func availableMemory() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return math.MaxInt64
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return math.MaxInt64
}
