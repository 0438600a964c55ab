package catalogue_test

import (
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"ringfence/internal/residency/catalogue"
	"ringfence/internal/residency/host"
)

// example puts something real in the place of a pattern's *.
func example(pattern string) string { return strings.Replace(pattern, "*", "shop-1", 1) }

// Every row is found by its own name and path, and by no name beside it.
func TestEveryRow(t *testing.T) {
	c := catalogue.Builtin()
	for _, s := range c.Services() {
		name, path := example(s.Pattern), "/any"
		if s.Shared() {
			path = strings.ReplaceAll(s.Paths[0], "*", "x")
		}
		got, ok := c.Lookup(name, path)
		if !ok || got.Pattern != s.Pattern || !got.Certain {
			t.Errorf("%s%s is %+v, %v", name, path, got.Service, ok)
		}
		got, ok = c.Lookup(name, "")
		if !ok || got.Certain == s.Shared() {
			t.Errorf("%s without a path is certain: %v", name, got.Certain)
		}
		if _, ok := c.Lookup(name, "/wp-json/other"); ok == s.Shared() {
			t.Errorf("%s with another path is found: %v", name, ok)
		}
		for _, beside := range []string{name + ".example.org", "x" + name + ".evil.example", "not" + strings.ReplaceAll(name, ".", "-") + ".example"} {
			if got, ok := c.Lookup(beside, path); ok {
				t.Errorf("%s is taken for %s", beside, got.Pattern)
			}
		}
		if h, err := host.Parse(name); err != nil || h.Name != name {
			t.Errorf("%s is not in its one spelling", name)
		}
	}
	for _, h := range c.Resolvers() {
		if m, ok := c.Lookup(h, ""); !ok || m.Kind != catalogue.Resolver || !c.IsResolver(h) {
			t.Errorf("%s is no resolver", h)
		}
	}
}

func TestWhichRowWins(t *testing.T) {
	c := catalogue.Builtin()
	for at, want := range map[string]string{
		"api.openai.com/v1/chat/completions":                         "api.openai.com",
		"eu.api.openai.com/v1":                                       "eu.api.openai.com",
		"xx.api.openai.com/v1":                                       "*.api.openai.com",
		"a.b.api.openai.com/v1":                                      "*.api.openai.com",
		"europe-west3-aiplatform.googleapis.com/":                    "*-aiplatform.googleapis.com",
		"a.b-aiplatform.googleapis.com/":                             "",
		"bedrock-runtime.eu-central-1.amazonaws.com/model/x/invoke":  "bedrock-runtime.*.amazonaws.com",
		"bedrock-runtime.amazonaws.com/":                             "",
		"public-api.wordpress.com/wpcom/v2/jetpack-ai-query":         "public-api.wordpress.com",
		"public-api.wordpress.com/wpcom/v2/sites/1/jetpack-ai-x":     "public-api.wordpress.com",
		"public-api.wordpress.com/rest/v1.1/sites/1":                 "",
		"public-api.wordpress.com/WPCOM/v2/%6aetpack-ai-query":       "public-api.wordpress.com",
		"public-api.wordpress.com//wpcom/v2/./jetpack-ai-query":      "public-api.wordpress.com",
		"public-api.wordpress.com/rest/../wpcom/v2/jetpack-ai-query": "public-api.wordpress.com",
		"api.cloudflare.com/client/v4/accounts/1/ai/run/@cf/x":       "api.cloudflare.com",
		"api.cloudflare.com/client/v4/zones":                         "",
		"openai.com/":                                                "", "example.org/v1/chat/completions": "",
	} {
		h, path, _ := strings.Cut(at, "/")
		got, ok := c.Lookup(h, "/"+path)
		if ok != (want != "") || ok && got.Pattern != want {
			t.Errorf("%s is %+v", at, got.Service)
		}
	}
}

// said makes a call of pairs: field, value. A field that is not named is not known.
func said(pairs ...string) func(string) (string, bool) {
	return func(field string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == field {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestWhere(t *testing.T) {
	c := catalogue.Builtin()
	for _, w := range []struct {
		host  string
		said  []string
		place string
		needs string
	}{
		{"eu.api.openai.com", nil, "EU", ""}, {"api.openai.com", nil, "", ""}, {"xx.api.openai.com", nil, "", ""},
		{"api.eu.mistral.ai", nil, "EU", ""}, {"api.mistral.ai", nil, "", ""}, {"api.us.mistral.ai", nil, "US", ""},
		{"bedrock-runtime.eu-central-1.amazonaws.com", nil, "", "model"},
		{"bedrock-runtime.eu-central-1.amazonaws.com", []string{"model", "anthropic.claude-x"}, "DE", ""},
		{"bedrock-runtime.eu-central-1.amazonaws.com", []string{"model", "eu.anthropic.claude-x"}, "EU", ""},
		{"bedrock-runtime.eu-central-1.amazonaws.com", []string{"model", "us.anthropic.claude-x"}, "US", ""},
		{"bedrock-runtime.eu-central-1.amazonaws.com", []string{"model", "global.anthropic.claude-x"}, "", ""},
		{"bedrock-runtime.eu-central-1.amazonaws.com", []string{"model", "apac.x"}, "", ""},
		{"bedrock-runtime.eu-central-1.amazonaws.com", []string{"model", "arn:aws:bedrock:x"}, "", ""},
		{"bedrock-runtime.eu-central-1.amazonaws.com", []string{"model", ""}, "", ""},
		{"bedrock-runtime.eu-west-2.amazonaws.com", []string{"model", "m"}, "GB", ""},
		{"bedrock-runtime.eu-central-2.amazonaws.com", []string{"model", "m"}, "CH", ""},
		{"bedrock-runtime.mars-1.amazonaws.com", []string{"model", "m"}, "", ""},
		{"bedrock-runtime.eu-central-1.us-east-1.amazonaws.com", []string{"model", "m"}, "", ""}, // two regions
		{"bedrock-mantle.eu-north-1.api.aws", nil, "SE", ""},
		{"europe-west3-aiplatform.googleapis.com", nil, "DE", ""}, {"europe-west2-aiplatform.googleapis.com", nil, "GB", ""},
		{"us-central1-aiplatform.googleapis.com", nil, "US", ""}, {"aiplatform.googleapis.com", nil, "", ""},
		{"westeurope.api.cognitive.microsoft.com", nil, "NL", ""}, {"eastus2.api.cognitive.microsoft.com", nil, "US", ""},
		{"shop.openai.azure.com", nil, "", "resource"},
		{"abc.eu-west-1.aws.endpoints.huggingface.cloud", nil, "IE", ""},
		{"api.anthropic.com", nil, "", "inference_geo"},
		{"api.anthropic.com", []string{"inference_geo", "us"}, "US", ""}, {"api.anthropic.com", []string{"inference_geo", "global"}, "", ""},
		{"api.anthropic.com", []string{"inference_geo", ""}, "", ""}, {"api.anthropic.com", []string{"inference_geo", "eu"}, "", ""},
		{"api.anthropic.com", []string{"inference_geo", "us-evil"}, "", ""},
		{"inference.api.nscale.com", nil, "", ""}, {"nowhere.example", nil, "", ""},
	} {
		got := c.Where(w.host, said(w.said...))
		if got.Place != w.place || got.Needs != w.needs || got.Why == "" {
			t.Errorf("%s %v: %+v, want %q %q", w.host, w.said, got, w.place, w.needs)
		}
	}
}

func TestKeys(t *testing.T) {
	c := catalogue.Builtin()
	long := strings.Repeat("Ab3dEf9hIj", 12)
	for name, key := range map[string]string{
		"anthropic": "sk-ant-api03-" + long, "openrouter": "sk-or-v1-" + strings.Repeat("0af9", 16), "openai": "sk-proj-" + long,
		"google": "AIza" + long[:35], "aws": "AKIAABCDEFGH234567QQ", "github": "ghp_" + long[:36], "xai": "xai-" + long[:40],
		"groq": "gsk_" + long[:48], "perplexity": "pplx-" + long[:48], "together": "tgp_v1_" + long[:30], "fireworks": "fw_" + long[:22],
		"cerebras": "csk-" + long[:40], "replicate": "r8_" + long[:37], "huggingface": "hf_" + strings.Repeat("aBcDe", 7), "nvidia": "nvapi-" + long[:60],
		"voyage": "pa-" + long[:40], "jina": "jina_" + long[:40], "elevenlabs": "sk_" + strings.Repeat("0af9", 12),
		"deepl": "0af90af9-0af9-0af9-0af9-0af90af90af9:fx", "llama": "LLM|123456|" + long[:20], "pinecone": "pcsk_" + long[:40],
		"sk-hex": "sk-" + strings.Repeat("0af9", 8), "sk": "sk-" + long[:48], "stripe": "sk_live_" + long[:24], "slack": "xoxb-" + long[:24],
		"mailchimp": strings.Repeat("0af9", 8) + "-us21", "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "woocommerce": "ck_" + strings.Repeat("0af9", 10),
	} {
		got := c.Redact("/v1/x?key=" + key + "&a=b")
		if got != "/v1/x?key=[KEY]&a=b" || c.Key("Bearer "+key) == "" {
			t.Errorf("%s: %s is left as %s (%s)", name, key, got, c.Key(key))
		}
	}
	for _, plain := range []string{"/v1/chat/completions", "task-runner", "risk-assessment-of-all-orders", "/product/sk-sofa", "/pa-color/blue", "wc-sk_order"} {
		if got := c.Redact(plain); got != plain {
			t.Errorf("%s became %s", plain, got)
		}
	}
}

func TestRefusesWhatItDoesNotKnow(t *testing.T) {
	const good = "serial: 1\n[hosts]\na.example.org | A | llm | US | global | none | no\n"
	if _, err := catalogue.Parse([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "serial: 1\n", "serial: 0\n[hosts]\na.b | A | llm | US | global | none | no\n", good + "[strange]\nx\n", good + "[hosts]\nx\n",
		good + "a.example.org | A | llm | US | global | none | no\n", // twice
		strings.Replace(good, "llm", "lamp", 1), strings.Replace(good, "global", "moon", 1), strings.Replace(good, "none", "sure", 1),
		strings.Replace(good, "| no", "| maybe", 1), strings.Replace(good, "a.example.org", "A.example.org", 1),
		strings.Replace(good, "a.example.org", "*.org", 1), strings.Replace(good, "a.example.org", "*.*.example.org", 1),
		strings.Replace(good, "| no", "| no | nopath", 1), strings.Replace(good, "| no", "| no | | nokey", 1),
		good + "[keys]\nx | (\n", good + "[keys]\nx\n", good + "[calls]\nb.example.org | model | x | EU\n", good + "[calls]\na.example.org | model | x | Europe\n",
		good + "[resolvers]\n1.1.1.1\n", good + "[regions]\naws | Germany | x\n", good + "\xff", good + strings.Repeat("#\n", 1<<20),
	} {
		if _, err := catalogue.Parse([]byte(bad)); err == nil {
			t.Errorf("%.200q is taken", bad)
		}
	}
}

func TestSigned(t *testing.T) {
	skey, vkey, _ := note.GenerateKey(rand.Reader, "hoster.example")
	_, other, _ := note.GenerateKey(rand.Reader, "hoster.example")
	signer, _ := note.NewSigner(skey)
	trusted := func(key string) note.Verifiers {
		v, err := note.NewVerifier(key)
		if err != nil {
			t.Fatal(err)
		}
		return note.VerifierList(v)
	}
	text, err := os.ReadFile("catalogue.txt")
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(string(text), "serial: ", "serial: 9", 1)
	signed, err := catalogue.Sign([]byte(newer), signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Open(signed, trusted(vkey))
	if err != nil {
		t.Fatal(err)
	}
	if next, err := catalogue.Builtin().Newer(c); err != nil || next != c {
		t.Errorf("newer: %v", err)
	}
	if _, err := c.Newer(catalogue.Builtin()); !errors.Is(err, catalogue.ErrOld) {
		t.Errorf("older: %v", err)
	}
	if _, err := catalogue.Open(signed, trusted(other)); err == nil {
		t.Error("another key's signature is taken")
	}
	forged := strings.Replace(string(signed), "api.openai.com | OpenAI | llm", "api.openai.com | OpenAI | spam", 1)
	if _, err := catalogue.Open([]byte(forged), trusted(vkey)); err == nil {
		t.Error("a changed catalogue is taken")
	}
	if _, err := catalogue.Open([]byte(newer), trusted(vkey)); err == nil {
		t.Error("an unsigned catalogue is taken")
	}
	if _, err := catalogue.Sign([]byte("serial: x"), signer); err == nil {
		t.Error("nonsense is signed")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("serial: 7\n[hosts]\napi.example.org | A | llm | US | EU | contract | yes | /x/* | k\n[resolvers]\nd.example.org\n[keys]\nk | sk-[a-z]{3}\n", "api.example.org", "/x/1")
	f.Add("serial: 1\n[hosts]\n*.a.example.org | A | llm | US | aws | contract | no | /a*b\n[regions]\naws | DE | x\n", "x.a.example.org", "/aXb")
	f.Fuzz(func(t *testing.T, text, name, path string) {
		c, err := catalogue.Parse([]byte(text))
		if err != nil {
			return
		}
		if m, ok := c.Lookup(name, path); ok && m.Service == nil {
			t.Fatal("found nothing")
		}
		c.Where(name, said("model", path))
		if again := c.Redact(c.Redact(path)); again != c.Redact(path) && !strings.Contains(text, "[keys]") {
			t.Fatalf("%q", again)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	c := catalogue.Builtin()
	for b.Loop() {
		c.Lookup("unknown.shop.example", "/")
	}
}
