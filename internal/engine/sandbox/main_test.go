package sandbox_test

import (
	"os"
	"testing"

	"ringfence/internal/engine/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Main()
	os.Exit(m.Run())
}
