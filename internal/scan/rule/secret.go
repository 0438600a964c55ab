package rule

import (
	"regexp"
	"strings"
)

// Secret is the format of one kind of key. The formats follow vendors' documentation and
// gitleaks' public rule file; each has a telling prefix, so that a plain hash is no match.
type Secret struct {
	Vendor  string
	Prefix  string // searched first; the expression runs only where it stands
	Pattern *regexp.Regexp
}

// Secrets lists the key formats looked for in strings of code.
var Secrets = []Secret{
	secret("Anthropic", "sk-ant-", `sk-ant-(?:api|admin)\d\d-[\w-]{60,}`),
	secret("OpenRouter", "sk-or-", `sk-or-v1-[a-f0-9]{64}`),
	secret("OpenAI", "sk-", `sk-(?:proj|svcacct|admin)-[\w-]{20,}T3BlbkFJ[\w-]{20,}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}`),
	secret("Google", "AIza", `AIza[\w-]{35}`),
	secret("Groq", "gsk_", `gsk_[A-Za-z0-9]{40,}`),
	secret("Perplexity", "pplx-", `pplx-[A-Za-z0-9]{48}`),
	secret("Replicate", "r8_", `r8_[A-Za-z0-9]{37}`),
	secret("Hugging Face", "hf_", `hf_[A-Za-z]{34}`),
	secret("xAI", "xai-", `xai-[A-Za-z0-9]{70,}`),
	secret("NVIDIA", "nvapi-", `nvapi-[\w-]{60,}`),
	secret("Pinecone", "pcsk_", `pcsk_[A-Za-z0-9_]{50,}`),
	secret("ElevenLabs", "sk_", `sk_[a-f0-9]{48}`),
	secret("AWS", "AKIA", `AKIA[A-Z2-7]{16}`),
	secret("AWS Bedrock", "ABSK", `ABSK[A-Za-z0-9+/]{109,}`),
	secret("Stripe", "sk_live_", `sk_live_[A-Za-z0-9]{24,}`),
}

func secret(vendor, prefix, expr string) Secret {
	return Secret{vendor, prefix, regexp.MustCompile(`(?:^|[^A-Za-z0-9_-])(` + expr + `)(?:$|[^A-Za-z0-9_-])`)}
}

// FindSecret returns the first key in s and its vendor; a key of one repeated character is an example, no key.
func FindSecret(s string) (vendor, key string) {
	for i := range Secrets {
		r := &Secrets[i]
		if !strings.Contains(s, r.Prefix) {
			continue
		}
		if m := r.Pattern.FindStringSubmatch(s); m != nil && !placeholder(m[1]) {
			return r.Vendor, m[1]
		}
	}
	return "", ""
}

// placeholder tells example keys, which use few different characters.
func placeholder(key string) bool {
	seen := map[rune]bool{}
	for _, r := range key {
		seen[r] = true
	}
	low := strings.ToLower(key)
	return len(seen) < 12 || strings.Contains(low, "xxxx") || strings.Contains(low, "your") || strings.Contains(low, "1234567890")
}

// joints are what may stand between the words of a name.
var joints = strings.NewReplacer("-", "", "_", "", " ", "")

// KeyName tells whether an option, array key or variable name stands for a credential.
func KeyName(name string) bool {
	n := joints.Replace(strings.ToLower(name))
	for _, word := range []string{"apikey", "secretkey", "accesstoken", "apitoken", "authtoken", "bearertoken", "clientsecret",
		"licensekey", "privatekey", "accesskey", "apisecret", "secrettoken"} {
		if strings.Contains(n, word) && !strings.Contains(n, "publickey") && !strings.Contains(n, "sitekey") && !strings.Contains(n, "searchapi") {
			return true
		}
	}
	if strings.HasSuffix(n, "password") {
		for _, verb := range []string{"generate", "show", "hide", "reset", "lost", "change", "enable", "require", "min", "strength"} {
			if strings.Contains(n, verb) {
				return false // a switch about passwords, no password
			}
		}
		return true
	}
	return n == "secret" || n == "token"
}
