package rule_test

import (
	"testing"

	"ringfence/internal/scan/rule"
)

func load(t *testing.T) *rule.Set {
	t.Helper()
	s, err := rule.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestHosts: exact rows before patterns, paths where a host serves other things too, and look-alikes left alone.
func TestHosts(t *testing.T) {
	s := load(t)
	for _, c := range []struct{ host, path, vendor, region string }{
		{"api.openai.com", "/v1/responses", "OpenAI", "global"},
		{"EU.api.openai.com.", "", "OpenAI", "EU"},
		{"nowhere.api.openai.com", "", "OpenAI", "unknown"},
		{"europe-west3-aiplatform.googleapis.com", "", "Google", "by-name"},
		{"bedrock-runtime.eu-central-1.amazonaws.com", "", "AWS", "by-name"},
		{"openrouter.ai", "/api/v1/chat", "OpenRouter", "global"},
		{"openrouter.ai", "/keys", "", ""},
		{"public-api.wordpress.com", "/rest/v1/sites", "", ""},
		{"api.openai.com.evil.net", "", "", ""},
		{"notapi.openai.com", "", "", ""},
		{"platform.openai.com", "", "", ""},
		{"openai.azure.com", "", "", ""},
	} {
		h := s.Host(c.host, c.path)
		switch {
		case h == nil && c.vendor != "":
			t.Errorf("%s%s is not known", c.host, c.path)
		case h != nil && (h.Vendor != c.vendor || h.Region != c.region):
			t.Errorf("%s%s: %s in %s", c.host, c.path, h.Vendor, h.Region)
		}
	}
}

func TestZones(t *testing.T) {
	for country, want := range map[string]string{"DE": "EEA", "EU": "EEA", "NO": "EEA", "CH": "adequate", "US": "US", "CN": "third country", "??": "unknown", "global": "unknown", "": "unknown"} {
		if got := rule.Zone(country); got != want {
			t.Errorf("%s: %s, want %s", country, got, want)
		}
	}
}

// TestSecrets: real formats are found with their vendor; examples and hashes are left alone.
func TestSecrets(t *testing.T) {
	long := "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA"
	for text, want := range map[string]string{
		"Bearer sk-proj-" + long[:24] + "T3BlbkFJ" + long[:24]: "OpenAI",
		"sk-ant-api03-" + long + long + long:                   "Anthropic",
		"AIza" + long + "Zq7":                                  "Google",
		"gsk_" + long + long:                                   "Groq",
		"sk-proj-your-key-here":                                "",
		"AIzaXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX":              "",
		"sk-or-v1-" + "0000000000000000000000000000000000000000000000000000000000000000": "",
		"d41d8cd98f00b204e9800998ecf8427e":                                               "",
		"xgsk_" + long + long:                                                            "",
	} {
		if got, _ := rule.FindSecret(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestKeyNames(t *testing.T) {
	for name, want := range map[string]bool{"my_openai_api_key": true, "apiKey": true, "x-api-key": true, "client_secret": true, "db_password": true,
		"site_key": false, "recaptcha_site_api_sitekey": false, "algolia_search_api_key": false, "generate_password": false, "keyboard": false, "monkey": false, "public_key": false} {
		if got := rule.KeyName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestLookups: the most specific row speaks, and inherited or unknown names give nothing.
func TestLookups(t *testing.T) {
	s := load(t)
	if c := s.Method("wc_order", "get_billing_email"); c == nil || c.Class.Name != "email" {
		t.Error("get_billing_email")
	}
	if c := s.Method("wc_order", "get_billing_city"); c == nil || c.Class.Name != "address" {
		t.Error("get_billing_city")
	}
	if c := s.Meta("_wc_cog_cost"); c == nil || c.Class.Group != "business" {
		t.Error("_wc_cog_cost")
	}
	if s.Method("some_order", "get_billing_email") != nil || s.Call("get_option") != nil || s.Key("colour") != nil {
		t.Error("a name nobody listed is a source")
	}
	if s.Guard("redact_text", false) != "redact" || s.Guard("current_user_can", false) != "" || s.Guard("current_user_can", true) != "capability" {
		t.Error("guards")
	}
	if s.Hook("woocommerce_order_status_completed") == nil || s.SinkClass(`neuronai\agent`) == nil {
		t.Error("patterns")
	}
}
