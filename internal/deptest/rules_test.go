package deptest

import (
	"strings"
	"testing"
)

// Each rule shows what it must catch and what it must leave alone; otherwise a
// slip in the tables would look like a clean tree.
func TestTheRulesCatch(t *testing.T) {
	cases := []struct{ file, imports, body, want string }{
		{"internal/mask/x.go", `"net/http"`, "", "works on values"},
		{"internal/mask/x.go", `"ringfence/internal/guard"`, "", "works on values"},
		{"internal/mask/x.go", `"golang.org/x/text/unicode/norm"`, "", ""},
		{"internal/mask/x.go", `"example.com/new"`, "", "visible choice"},
		{"internal/gateway/x.go", `"ringfence/internal/config"`, "", "the road uses its stages"},
		{"internal/gateway/x.go", `"ringfence/internal/gateway/dialect"`, "", ""},
		{"internal/gateway/x.go", `"ringfence/internal/residency"`, "", "the road uses its stages"},
		{"internal/gateway/dialect/openai/x.go", `"ringfence/internal/mask"`, "", "a dialect translates"},
		{"internal/engine/remote/x.go", `"ringfence/internal/audit"`, "", "masked text"},
		{"internal/audit/x.go", `"ringfence/proof"`, "", ""},
		{"proof/x.go", `"golang.org/x/mod/sumdb/note"`, "", ""},
		{"proof/x.go", `"golang.org/x/mod/semver"`, "", "visible choice"},
		{"proof/x.go", `"ringfence/internal/audit"`, "", "an auditor"},
		{"internal/audit/x.go", `"ringfence/cmd/ringfence"`, "", "arrows begin"},
		{"cmd/ringfence/x.go", `"ringfence/internal/testkit"`, "", "fakes"},
		{"internal/engine/llama/x.go", `"ringfence/internal/engine/enginetest"`, "", "for tests"},
		{"bench/gateway/x.go", `"ringfence/internal/testkit"`, "", ""},
		{"internal/brandnew/x.go", `"fmt"`, "", "has no arrows yet"},

		{"internal/gateway/x.go", `"net"`, `var _, _ = net.Dial("tcp", "1.1.1.1:80")`, "only residency"},
		{"internal/gateway/x.go", `out "net"`, `var _ out.Dialer`, "only residency"},
		{"internal/residency/x.go", `"net"`, `var _ net.Dialer`, ""},
		{"internal/gateway/x.go", `"net"`, `var _ net.Conn`, ""},
		{"internal/gateway/x.go", `"net/http"`, `var _ = http.Get`, "default client"},
		{"internal/engine/remote/x.go", `"net/http"`, `var _ = http.DefaultClient`, "default client"},
		{"internal/gateway/x.go", `"net/http"`, `var _ http.Client`, "only the engines' drivers"},
		{"internal/gateway/x.go", `"net/http"`, `var _ http.Handler`, ""},
		{"internal/engine/remote/x.go", `"net/http"`, `var _ = http.Client{}`, "without Transport"},
		{"internal/engine/remote/x.go", `"net/http"`, `var _ = &http.Transport{MaxIdleConns: 1}`, "without DialContext"},
		{"internal/engine/remote/x.go", `"net/http"`, `var _ = &http.Transport{DialContext: nil}`, ""},
		{"cmd/ringfence/doctor.go", `"net/http"`, `var _ = http.Client{Transport: nil}`, "only the engines' drivers"},
		{"internal/gateway/x.go", `. "fmt"`, "", "dot import"},
		{"internal/engine/llama/x.go", `"os"`, `var _ = os.StartProcess`, "law 9"},
		{"internal/engine/llama/x.go", `"os/exec"`, `var _ = exec.Command`, "nowhere else"},
		{"internal/model/fetch/x.go", `"os/exec"`, `var _ = exec.Command`, ""},
		{"internal/engine/wire/x.go", `"net/http/httputil"`, `var _ httputil.ReverseProxy`, "law 5"},
		{"internal/audit/x.go", `"golang.org/x/sys/unix"`, `var _ = unix.Socket`, "law 9"},
		{"internal/audit/x.go", `"golang.org/x/sys/unix"`, `var _ = unix.Fdatasync`, ""},
	}
	for _, c := range cases {
		f, err := parse(c.file, "package x\nimport "+c.imports+"\n"+c.body+"\n")
		if err != nil {
			t.Fatalf("%s: %v", c.body, err)
		}
		got := strings.Join(append(arrows(f), waysOut(f)...), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s with %s %s: got %q, want %q", c.file, c.imports, c.body, got, c.want)
		}
	}
}
