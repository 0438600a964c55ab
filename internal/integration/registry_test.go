package integration_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/integration"
)

func keyFile(t *testing.T) string { return filepath.Join(t.TempDir(), "keys.json") }

func create(t *testing.T, r *integration.Registry, name string) (integration.Integration, string) {
	t.Helper()
	i, key, err := r.Create(integration.Integration{Name: name, Surface: "service"})
	if err != nil {
		t.Fatal(err)
	}
	return i, key
}

func TestAKeyBelongsToItsIntegration(t *testing.T) {
	r := integration.Open(keyFile(t))
	_, other := create(t, r, "other")
	want := integration.Integration{
		Name: "Order bot", Surface: "service", Purposes: []string{"service.order_status"}, Models: []string{"default"},
		Limits: integration.Limits{RequestsPerMinute: 60}, Mode: integration.ModeWatch, Strict: true,
	}
	made, key, err := r.Create(want)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^rf_[a-z2-7]{8}_[0-9A-Za-z]{43}$`).MatchString(key) || !strings.Contains(key, made.ID) {
		t.Errorf("key %q has the wrong shape", key)
	}
	got, err := r.Lookup(key)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Order bot" || got.ID != made.ID || !got.Strict || got.Limits.RequestsPerMinute != 60 || got.Mode != "watch" {
		t.Errorf("Lookup = %+v", got)
	}
	if i, _ := r.Lookup(other); i.Name != "other" {
		t.Errorf("the other key belongs to %q", i.Name)
	}
}

func TestOnlyTheExactKeyIsValid(t *testing.T) {
	r := integration.Open(keyFile(t))
	_, key := create(t, r, "bot")
	_, second := create(t, r, "second")
	swapped := key[:12] + second[12:]
	flipped := key[:len(key)-1] + map[bool]string{true: "b", false: "a"}[key[len(key)-1] == 'a']
	cases := map[string]error{
		swapped:                   integration.ErrUnknownKey,
		flipped:                   integration.ErrUnknownKey,
		"rf_aaaaaaaa" + key[11:]:  integration.ErrUnknownKey,
		"":                        integration.ErrNoKey,
		"sk-proj-123":             integration.ErrNoKey,
		key[:len(key)-1]:          integration.ErrNoKey,
		key + "a":                 integration.ErrNoKey,
		" " + key:                 integration.ErrNoKey,
		strings.ToUpper(key):      integration.ErrNoKey,
		key[:20] + "-" + key[21:]: integration.ErrNoKey,
	}
	for k, want := range cases {
		if _, err := r.Lookup(k); !errors.Is(err, want) {
			t.Errorf("Lookup(%q) = %v, want %v", k, err, want)
		}
	}
}

func TestTheFileHoldsNoSecretAndIsPrivate(t *testing.T) {
	path := keyFile(t)
	_, key := create(t, integration.Open(path), "bot")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), key[12:]) {
		t.Error("the secret is in the file")
	}
	fi, _ := os.Stat(path)
	if fi.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, want 0600", fi.Mode().Perm())
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".keys-*"))
	if len(left) > 0 {
		t.Errorf("temporary files left behind: %v", left)
	}
}

// Another process creates and revokes; a running gateway follows within 200 ms.
func TestARunningGatewayFollowsTheFile(t *testing.T) {
	path := keyFile(t)
	synctest.Test(t, func(t *testing.T) {
		gateway, command := integration.Open(path), integration.Open(path)
		_, key := create(t, command, "bot")
		time.Sleep(200 * time.Millisecond)
		if _, err := gateway.Lookup(key); err != nil {
			t.Fatalf("a new key after 200 ms: %v", err)
		}
		if _, err := command.Revoke("bot"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
		if _, err := gateway.Lookup(key); !errors.Is(err, integration.ErrRevokedKey) {
			t.Fatalf("a revoked key after 200 ms: %v", err)
		}
	})
}

func TestABrokenFileKeepsTheOldKeysAndSaysWhy(t *testing.T) {
	path := keyFile(t)
	synctest.Test(t, func(t *testing.T) {
		r := integration.Open(path)
		_, key := create(t, r, "bot")
		good, _ := os.ReadFile(path)
		write(t, path, string(good[:len(good)/2]))
		time.Sleep(time.Second)
		if _, err := r.Lookup(key); err != nil {
			t.Errorf("the key is lost: %v", err)
		}
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), path+":") {
			t.Errorf("Err = %v, want the file and the line", err)
		}
		if _, _, err := r.Create(integration.Integration{Name: "new", Surface: "service"}); err == nil {
			t.Error("Create overwrote a file it could not read")
		}
		write(t, path, string(good))
		time.Sleep(time.Second)
		if err := r.Err(); err != nil {
			t.Errorf("the file is whole again, Err = %v", err)
		}
	})
}

func TestAFileThatCannotBeReadAtStartAdmitsNobody(t *testing.T) {
	path := keyFile(t)
	synctest.Test(t, func(t *testing.T) {
		_, key := create(t, integration.Open(path), "bot")
		good, _ := os.ReadFile(path)
		write(t, path, "{")
		r := integration.Open(path)
		if _, err := r.Lookup(key); !errors.Is(err, integration.ErrUnknownKey) {
			t.Errorf("Lookup = %v, want no key to be valid", err)
		}
		if r.Err() == nil {
			t.Error("Err says nothing")
		}
		write(t, path, string(good))
		time.Sleep(time.Second)
		if _, err := r.Lookup(key); err != nil {
			t.Errorf("after the repair: %v", err)
		}
	})
}

func TestARemovedFileAdmitsNobody(t *testing.T) {
	path := keyFile(t)
	synctest.Test(t, func(t *testing.T) {
		r := integration.Open(path)
		_, key := create(t, r, "bot")
		os.Remove(path)
		time.Sleep(time.Second)
		if _, err := r.Lookup(key); !errors.Is(err, integration.ErrUnknownKey) {
			t.Errorf("Lookup = %v", err)
		}
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkLookup(b *testing.B) {
	r := integration.Open(filepath.Join(b.TempDir(), "keys.json"))
	_, key, err := r.Create(integration.Integration{Name: "bot", Surface: "service"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Lookup(key); err != nil {
			b.Fatal(err)
		}
	}
}
