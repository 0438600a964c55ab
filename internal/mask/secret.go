package mask

import (
	"math"
	"strings"
)

// secretRule is a kind of key known by how it begins.
type secretRule struct {
	name   string
	prefix string
	min    int    // characters behind the prefix, at least
	max    int    // 0: no more than min
	chars  string // besides letters and digits
	typ    Type
}

// secrets are tried in order; of two prefixes that begin alike the longer comes first. The forms are those
// the services publish.
var secrets = []secretRule{
	{"woocommerce-key", "ck_", 32, 64, "", SECRET},
	{"woocommerce-secret", "cs_", 32, 64, "", SECRET},
	{"order-key", "wc_order_", 6, 40, "", ORDER},
	{"ringfence-key", "rf_", 16, 128, "_-", SECRET},
	{"openai-key", "sk-", 20, 256, "_-", SECRET},
	{"stripe-key", "sk_live_", 10, 128, "", SECRET},
	{"stripe-key", "sk_test_", 10, 128, "", SECRET},
	{"stripe-key", "rk_live_", 10, 128, "", SECRET},
	{"stripe-key", "pk_live_", 10, 128, "", SECRET},
	{"stripe-webhook", "whsec_", 16, 128, "", SECRET},
	{"aws-key", "AKIA", 16, 16, "", SECRET},
	{"aws-key", "ASIA", 16, 16, "", SECRET},
	{"github-token", "github_pat_", 22, 255, "_", SECRET},
	{"github-token", "ghp_", 30, 255, "", SECRET},
	{"github-token", "gho_", 30, 255, "", SECRET},
	{"github-token", "ghs_", 30, 255, "", SECRET},
	{"github-token", "ghu_", 30, 255, "", SECRET},
	{"gitlab-token", "glpat-", 20, 64, "_-", SECRET},
	{"slack-token", "xoxb-", 10, 255, "-", SECRET},
	{"slack-token", "xoxp-", 10, 255, "-", SECRET},
	{"slack-token", "xoxa-", 10, 255, "-", SECRET},
	{"google-key", "AIza", 35, 35, "_-", SECRET},
	{"google-token", "ya29.", 20, 512, "_-.", SECRET},
	{"sendgrid-key", "SG.", 32, 128, "_-.", SECRET},
	{"mailchimp-key", "key-", 32, 32, "", SECRET},
	{"hugging-face-token", "hf_", 30, 64, "", SECRET},
	{"npm-token", "npm_", 30, 64, "", SECRET},
	{"digitalocean-token", "dop_v1_", 40, 80, "", SECRET},
	{"shopify-token", "shpat_", 30, 64, "", SECRET},
	{"jwt", "eyJ", 20, 8192, "_-.", SECRET},
	{"bearer", "Bearer ", 16, 8192, "_-.~+/=", SECRET},
	{"bearer", "bearer ", 16, 8192, "_-.~+/=", SECRET},
	{"basic-auth", "Basic ", 12, 1024, "+/=", SECRET},
	{"private-key", "-----BEGIN ", 0, 0, "", SECRET},
}

// secretsBy holds the rules by their first byte.
var secretsBy = newSecretsBy()

func newSecretsBy() (by [256][]*secretRule) {
	for i := range secrets {
		r := &secrets[i]
		by[r.prefix[0]] = append(by[r.prefix[0]], r)
	}
	return by
}

// secret judges the key that may begin at i.
func (sc *scanner) secret(i int) {
	for _, r := range secretsBy[sc.s[i]] {
		if !strings.HasPrefix(sc.s[i:], r.prefix) {
			continue
		}
		start, end := i, i+len(r.prefix)
		if r.name == "private-key" {
			end = sc.pemEnd(i)
		} else {
			end = sc.run(end, r)
		}
		if end == 0 {
			continue
		}
		if r.prefix[0] != '-' && strings.HasSuffix(r.prefix, " ") {
			start += len(r.prefix)
		}
		sc.add(finding{start, end, r.typ, LayerStructure, r.name, 97, ""})
		return
	}
}

// run reads the characters of a key, 0 if there are too few or they are words.
func (sc *scanner) run(i int, r *secretRule) int {
	end := i
	for end < len(sc.s) && end-i <= r.max && (isAlnum(sc.s[end]) || strings.IndexByte(r.chars, sc.s[end]) >= 0) {
		end++
	}
	for end > i && (sc.s[end-1] == '.' || sc.s[end-1] == '-') {
		end--
	}
	body := sc.s[i:end]
	switch {
	case len(body) < r.min || len(body) > max(r.max, r.min):
		return 0
	case r.name == "jwt" && strings.Count(body, ".") < 1:
		return 0
	case !strings.ContainsAny(body, "0123456789") && entropy(body) < 3.5:
		return 0
	}
	return end
}

// pemEnd returns where a private key that begins at i ends, or the text if it was cut off.
func (sc *scanner) pemEnd(i int) int {
	line := sc.s[i:min(len(sc.s), i+64)]
	if !strings.Contains(line, "PRIVATE KEY") {
		return 0
	}
	rest := sc.s[i:min(len(sc.s), i+16384)]
	k := strings.Index(rest, "-----END ")
	if k < 0 {
		return i + len(rest)
	}
	if e := strings.Index(rest[k+9:], "-----"); e >= 0 {
		return i + k + 9 + e + 5
	}
	return i + len(rest)
}

// urlSecrets masks what a URL at the colon at i must not carry: user and password, and the values of query
// parameters that are keys.
func (sc *scanner) urlSecrets(i int) {
	if !strings.HasPrefix(sc.s[i:], "://") {
		return
	}
	end := i + 3
	for end < len(sc.s) && end-i < 2048 && sc.s[end] > ' ' && strings.IndexByte("\"'<>`", sc.s[end]) < 0 {
		end++
	}
	host := i + 3
	slash := end
	if k := strings.IndexAny(sc.s[host:end], "/?#"); k >= 0 {
		slash = host + k
	}
	if at := strings.LastIndexByte(sc.s[host:slash], '@'); at > 0 && strings.IndexByte(sc.s[host:host+at], ':') > 0 {
		sc.add(finding{host, host + at, SECRET, LayerStructure, "url-credentials", 97, ""})
	}
	sc.query(slash, end)
}

var secretParams = listOf(`token accesstoken apikey key secret consumersecret consumerkey sig signature password pwd
	auth code sessionid sid nonce jwt hash refreshtoken clientsecret`)

// query judges the parameters of a URL.
func (sc *scanner) query(i, end int) {
	for i < end {
		k := strings.IndexAny(sc.s[i:end], "?&;#")
		if k < 0 {
			return
		}
		i += k + 1
		eq := strings.IndexAny(sc.s[i:end], "=&;#")
		if eq < 0 || sc.s[i+eq] != '=' {
			continue
		}
		name := strings.Map(keepAlnum, sc.s[i:i+eq])
		value := i + eq + 1
		stop := end
		if k := strings.IndexAny(sc.s[value:end], "&;#"); k >= 0 {
			stop = value + k
		}
		if secretParams.has(hashWord(name)) && stop-value >= 8 && !strings.HasPrefix(sc.s[value:], "wc_order_") {
			sc.add(finding{value, stop, SECRET, LayerStructure, "url-token", 95, ""})
		}
		i = stop
	}
}

// entropy returns the Shannon entropy of a string in bits per character.
func entropy(s string) float64 {
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	h := 0.0
	for _, c := range count {
		if c > 0 {
			p := float64(c) / float64(len(s))
			h -= p * math.Log2(p)
		}
	}
	return h
}
