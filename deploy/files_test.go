package deploy

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// systemd itself reads the units: what it does not know, it says.
func TestUnits(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// A program that is there stands for the one that is not.
	service := strings.Replace(read(t, "systemd/ringfence.service"), "/usr/local/bin/ringfence", "/bin/true", 1)
	write("ringfence.service", service)
	write("php8.2-fpm.service", "[Service]\nExecStart=/bin/true\n")
	write("php8.2-fpm.service.d/ringfence.conf", read(t, "systemd/php-fpm.service.d/ringfence.conf"))
	c := exec.Command("systemd-analyze", "verify", filepath.Join(dir, "ringfence.service"), filepath.Join(dir, "php8.2-fpm.service"))
	c.Env = append(os.Environ(), "SYSTEMD_UNIT_PATH="+dir+":")
	if out, err := c.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("%v %s", err, out)
	}
	if text := read(t, "systemd/php-fpm.service.d/ringfence.conf"); strings.Contains(text, "IPAddressAllow=localhost") {
		t.Error("localhost holds 127.0.0.53, where a resolver asks the world")
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Compose: PHP and its neighbours are on a network without a way out, resolve
// nothing, and publish nothing.
func TestCompose(t *testing.T) {
	var c struct {
		Services map[string]struct {
			Networks map[string]any
			DNS      []string
			Ports    []any
			Mode     string `yaml:"network_mode"`
			Volumes  []string
			Env      map[string]string `yaml:"environment"`
		}
		Networks map[string]struct{ Internal bool }
	}
	if err := yaml.Unmarshal([]byte(read(t, "docker/compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	if !c.Networks["inside"].Internal || c.Networks["outside"].Internal {
		t.Errorf("networks: %+v", c.Networks)
	}
	for name, s := range c.Services {
		_, in := s.Networks["inside"]
		_, out := s.Networks["outside"]
		if !in || out != (name == "ringfence") || s.Mode != "" || len(s.Ports) > 0 {
			t.Errorf("%s: %+v", name, s)
		}
		if name != "ringfence" && !slices.Equal(s.DNS, []string{"127.0.0.1"}) {
			t.Errorf("%s resolves by %v", name, s.DNS)
		}
		for _, v := range s.Volumes {
			if strings.Contains(v, "docker.sock") {
				t.Errorf("%s has Docker's own socket, which is a way out", name)
			}
		}
	}
	if proxy := c.Services["php"].Env["https_proxy"]; !strings.Contains(read(t, "docker/ringfence.yaml"), "listen: "+strings.TrimPrefix(proxy, "http://")) {
		t.Errorf("PHP is told %q, and Ringfence listens elsewhere", proxy)
	}
}

// Kubernetes: PHP's pods have an egress policy with named neighbours only, by TCP,
// and no name server. Read with every field known, so that a typing error cannot
// open a door.
func TestNetworkPolicy(t *testing.T) {
	type selector struct {
		MatchLabels map[string]string `yaml:"matchLabels"`
	}
	type peers []struct {
		PodSelector selector `yaml:"podSelector"`
	}
	type ports []struct {
		Protocol string
		Port     int
	}
	type policy struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   struct{ Name string }
		Spec       struct {
			PodSelector selector `yaml:"podSelector"`
			PolicyTypes []string `yaml:"policyTypes"`
			Egress      []struct {
				To    peers
				Ports ports
			}
			Ingress []struct {
				From  peers
				Ports ports
			}
		}
	}
	var names []string
	for doc := range strings.SplitSeq(read(t, "kubernetes/networkpolicy.yaml"), "\n---\n") {
		var p policy
		if err := yaml.UnmarshalWithOptions([]byte(doc), &p, yaml.Strict()); err != nil {
			t.Fatal(err)
		}
		names = append(names, p.Metadata.Name)
		if p.APIVersion != "networking.k8s.io/v1" || p.Kind != "NetworkPolicy" || len(p.Spec.PodSelector.MatchLabels) == 0 {
			t.Errorf("%+v", p)
		}
		if p.Metadata.Name != "store-php-egress" {
			continue
		}
		if !slices.Equal(p.Spec.PolicyTypes, []string{"Egress"}) || len(p.Spec.Egress) != 3 {
			t.Errorf("%+v", p.Spec)
		}
		for _, rule := range p.Spec.Egress {
			if len(rule.To) == 0 || len(rule.Ports) == 0 {
				t.Errorf("a rule without peers or ports opens all: %+v", rule)
			}
			for _, to := range rule.To {
				if len(to.PodSelector.MatchLabels) == 0 {
					t.Errorf("a peer without labels is everybody: %+v", rule)
				}
			}
			for _, port := range rule.Ports {
				if port.Protocol != "TCP" || slices.Contains([]int{0, 53, 443, 853}, port.Port) {
					t.Errorf("%+v", port)
				}
			}
		}
	}
	if !slices.Equal(names, []string{"store-php-egress", "ringfence-ingress"}) {
		t.Error(names)
	}
}

// PHP: the settings are read by PHP itself, in a pool's syntax and as code.
func TestPHP(t *testing.T) {
	pool := read(t, "php/ringfence-pool.conf")
	conf := filepath.Join(t.TempDir(), "fpm.conf")
	text := "[global]\nerror_log = /dev/null\n[www]\nlisten = /tmp/none.sock\nuser = www-data\npm = static\npm.max_children = 1\n" + pool
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	fpm, _ := filepath.Glob("/usr/sbin/php-fpm*")
	if len(fpm) == 0 {
		t.Fatal("php-fpm is missing; .ci/need installs it")
	}
	if out, err := exec.Command(fpm[0], "-t", "-y", conf).CombinedOutput(); err != nil {
		t.Errorf("%v %s", err, out)
	}
	for _, name := range []string{"php/wp-config-ringfence.php", "php/ringfence-trust.php"} {
		if out, err := exec.Command("php", "-l", name).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}
