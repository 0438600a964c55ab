package integration_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ringfence/internal/integration"
)

const digestA = "0a3c6fe3bb5f1b8a3cf3ba9b3d1ee5e4f4ab1cf1f8f3bfbbb7ea05d7f2b3d1aa"

func entry(id, name, more string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"surface":"service","created":"2026-11-23T10:00:00Z","secret_sha256":%q%s}`, id, name, digestA, more)
}

func TestAHandEditedFile(t *testing.T) {
	good := entry("aaaaaaaa", "bot", "")
	cases := []struct{ name, file, want string }{
		{"good", `{"version":1,"integrations":[` + good + `]}`, ""},
		{"empty list", `{"version":1,"integrations":[]}`, ""},
		{"empty file", "", ":1:1: the file ends"},
		{"half", `{"version":1,` + "\n" + `"integrations":[{"id":`, "/keys.json:2:22: the file ends"},
		{"comma", "{\"version\":1,\n\"integrations\":[],\n}", ":3:1: invalid character '}'"},
		{"unknown field", `{"version":1,"integrations":[` + entry("aaaaaaaa", "bot", `,"secret":"x"`) + `]}`, `unknown field "secret"`},
		{"wrong type", "{\"version\":1,\"integrations\":[\n" + entry("aaaaaaaa", "bot", `,"strict":"yes"`) + "]}", "integrations.strict cannot be: string"},
		{"two documents", `{"version":1,"integrations":[]}{}`, "something follows"},
		{"not an object", `[]`, "cannot be: array"},
		{"binary", "\x00\x01\x02", ":1:1: invalid character"},
		{"next version", `{"version":2,"integrations":[]}`, "version is 2"},
		{"no version", `{"integrations":[]}`, "version is 0"},
		{"same id", `{"version":1,"integrations":[` + good + "," + entry("aaaaaaaa", "cat", "") + `]}`, `integrations[1].id: "aaaaaaaa" is already used`},
		{"same name", `{"version":1,"integrations":[` + good + "," + entry("bbbbbbbb", "bot", "") + `]}`, `integrations[1].name: "bot" is already used`},
		{"bad id", `{"version":1,"integrations":[` + entry("AAAAAAAA", "bot", "") + `]}`, "integrations[0].id"},
		{"no secret", `{"version":1,"integrations":[{"id":"aaaaaaaa","name":"bot","surface":"service","created":"2026-11-23T10:00:00Z"}]}`, "secret_sha256: is missing"},
		{"short secret", `{"version":1,"integrations":[` + strings.Replace(good, digestA, "00ff", 1) + `]}`, "64 hex digits"},
		{"no creation", `{"version":1,"integrations":[` + strings.Replace(good, `"created":"2026-11-23T10:00:00Z",`, "", 1) + `]}`, "created"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := keyFile(t)
			write(t, path, c.file)
			err := integration.Open(path).Err()
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var fe *integration.FileError
			if !errors.As(err, &fe) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want a FileError with %q", err, c.want)
			}
		})
	}
}

func TestAPathThatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	if err := integration.Open(dir).Err(); err == nil {
		t.Error("a directory was read as a key file")
	}
	if err := integration.Open(filepath.Join(dir, "none.json")).Err(); err != nil {
		t.Errorf("no file yet: %v", err)
	}
}

// Many goroutines and a second process create at the same moment; every key that
// was handed out must be valid afterwards.
func TestParallelChangesLoseNothing(t *testing.T) {
	if path := os.Getenv("RINGFENCE_TEST_KEYS"); path != "" {
		createMany(t, path, "second")
		return
	}
	path := keyFile(t)
	second := exec.Command(os.Args[0], "-test.run=^TestParallelChangesLoseNothing$")
	second.Env = append(os.Environ(), "RINGFENCE_TEST_KEYS="+path)
	var out strings.Builder
	second.Stdout, second.Stderr = &out, &out
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	createMany(t, path, "first")
	if err := second.Wait(); err != nil {
		t.Errorf("second process: %v\n%s", err, &out)
	}
	if all, err := integration.Open(path).List(); err != nil || len(all) != 2*writers*each {
		t.Errorf("%d integrations of %d: %v", len(all), 2*writers*each, err)
	}
}

const writers, each = 4, 10

func createMany(t *testing.T, path, tag string) {
	keys := make(chan string, writers*each)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			r := integration.Open(path)
			for n := range each {
				_, key, err := r.Create(integration.Integration{Name: fmt.Sprint(tag, "-", w, "-", n), Surface: "service"})
				if err != nil {
					t.Error(err)
					return
				}
				keys <- key
			}
		})
	}
	wg.Wait()
	close(keys)
	r := integration.Open(path)
	for key := range keys {
		if _, err := r.Lookup(key); err != nil {
			t.Errorf("a key was lost: %v", err)
		}
	}
}
