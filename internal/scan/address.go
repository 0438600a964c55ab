package scan

import (
	"regexp"
	"strings"

	"ringfence/internal/scan/rule"
)

// target is what an address means.
type target struct {
	Name  string // host, or words for people when there is none
	Class string // ai, relay, configurable, other, unknown, local, own
	Host  *rule.Host
	Path  string
	Plain bool     // plain http
	Also  []target // further AI services the same call may go to
}

// weight orders targets: the one that matters most speaks for a call with several.
var weight = map[string]int{"ai": 6, "relay": 5, "other": 4, "configurable": 3, "unknown": 2, "local": 1, "own": 0}

// address reads one possible address as the data flow renders it; parts in braces are not known.
func (j *judge) address(text string) target {
	rest, plain := text, false
	switch {
	case strings.HasPrefix(text, "{site}"):
		return target{Name: "this shop", Class: "own"}
	case strings.HasPrefix(text, "{option "):
		name := text[len("{option "):]
		if i := strings.IndexByte(name, '}'); i >= 0 {
			name = name[:i]
		}
		if strings.HasPrefix(name, "constant ") {
			if fileConstant(strings.TrimPrefix(name, "constant ")) {
				return target{Name: "a file of this shop", Class: "own"}
			}
			return target{Name: "address in " + name, Class: "configurable", Path: text}
		}
		if v := j.settings.lookup(name); strings.Contains(v, "://") && !strings.HasPrefix(v, "{") {
			_, rest, _ := strings.Cut(text, "}")
			return j.address(v + rest)
		}
		if notAddress.MatchString(name) {
			return target{Name: "an address not known from the code", Class: "unknown", Path: text}
		}
		return target{Name: "address in option " + name, Class: "configurable", Path: text}
	case strings.HasPrefix(text, "https://"), strings.HasPrefix(text, "wss://"), strings.HasPrefix(text, "ssl://"), strings.HasPrefix(text, "tls://"):
		_, rest, _ = strings.Cut(text, "://")
	case strings.HasPrefix(text, "http://"), strings.HasPrefix(text, "ws://"):
		_, rest, _ = strings.Cut(text, "://")
		plain = true
	case !hostOnly.MatchString(text):
		return target{Name: "an address not known from the code", Class: "unknown", Path: text}
	}
	host := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host = rest[:i]
	}
	return j.host(host, rest[len(host):], plain)
}

// notAddress are settings that hold no address, whatever the code seems to do with them.
var notAddress = regexp.MustCompile(`(?i)(?:tokens?|model|temperature|limit|length|enabled|timeout|prompt|_type|language|version|key)\]?$`)

// fileConstant tells constants that hold a path: what is read there is a file, no service.
func fileConstant(name string) bool {
	name = strings.ToUpper(name)
	return name == "ABSPATH" || name == "DIRECTORY_SEPARATOR" || name == "WPINC" || strings.HasSuffix(name, "_DIR") || strings.HasSuffix(name, "_PATH") ||
		strings.HasSuffix(name, "_FILE") || strings.HasSuffix(name, "PLUGINDIR") || strings.HasSuffix(name, "_DIRECTORY")
}

var hostOnly = regexp.MustCompile(`^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[:/?]|$)`)

// host classes a host name; {..} in it stands for any label.
func (j *judge) host(host, path string, plain bool) target {
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if i := strings.IndexByte(host, '{'); i > 0 && hostOnly.MatchString(host[:i]) && !strings.Contains(host[i:], ".") && host[i-1] != '.' && host[i-1] != '-' {
		host, path = host[:i], host[i:]+path // the path of a base address without a slash at its end
	}
	name, port, _ := strings.Cut(host, ":")
	if port != "" && strings.Trim(port, "0123456789") != "" {
		host = name
	}
	name = strings.ToLower(anyLabel.ReplaceAllString(name, "x"))
	shown := strings.ToLower(braces.ReplaceAllString(host, "*"))
	t := target{Name: shown, Class: "other", Path: path, Plain: plain}
	switch {
	case strings.Contains(host, "{site}"):
		return target{Name: "this shop", Class: "own"}
	case name == "x" || name == "" || !hostOnly.MatchString(name) && !local(name):
		return target{Name: "an address not known from the code", Class: "unknown", Path: path, Plain: plain}
	case local(name):
		t.Class = "local"
	case sample(name):
		return target{Name: "an example address", Class: "unknown"}
	default:
		if h := j.rules.Host(name, path); h != nil && !website(h, name) {
			t.Host = h
			if h.AI {
				t.Class = "ai"
			}
		}
	}
	return t
}

var (
	anyLabel = regexp.MustCompile(`\{[^}]*\}|%[a-z0-9$]*s|\$\w+`)
	braces   = regexp.MustCompile(`\{[^}]*\}|%[a-z0-9$]*s`)
)

// website tells the pages a vendor keeps for people under the same domain as its service.
func website(h *rule.Host, name string) bool {
	first, _, _ := strings.Cut(name, ".")
	switch first {
	case "www", "app", "docs", "console", "platform", "help", "learn", "status", "support", "login", "dashboard", "blog", "community":
		return strings.HasPrefix(h.Pattern, "*.")
	}
	return false
}

// local tells addresses that do not leave the machine or its network.
func local(name string) bool {
	if name == "localhost" || name == "127.0.0.1" || name == "0.0.0.0" || name == "[" || name == "host.docker.internal" {
		return true
	}
	for _, suffix := range []string{".local", ".localhost", ".test", ".internal", ".lan", "example.com", "example.org", "example.net", ".example", ".invalid"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return strings.HasPrefix(name, "192.168.") || strings.HasPrefix(name, "10.") && strings.Count(name, ".") == 3
}

// found is an address that stands in a text.
type found struct {
	url    string
	offset int
}

// addresses finds the URLs in a text, and the text itself when it is a bare host name.
func addresses(text string) []found {
	var list []found
	for at := 0; ; {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			break
		}
		at += i
		from := at
		for from > 0 && text[from-1] >= 'a' && text[from-1] <= 'z' {
			from--
		}
		to := at + 3
		for to < len(text) && !strings.ContainsRune(" \t\r\n\"'<>`\\)|,;", rune(text[to])) {
			to++
		}
		if scheme := text[from:at]; (scheme == "https" || scheme == "http" || scheme == "wss" || scheme == "ws") && !linked(text[:from]) {
			list = append(list, found{text[from:to], from})
		}
		at = to
	}
	if len(list) == 0 && len(text) < 200 && hostOnly.MatchString(text) {
		list = append(list, found{text, 0})
	}
	return list
}

// linked tells a URL somebody is meant to click on.
func linked(before string) bool {
	b := strings.TrimRight(before, "\"'\\ ")
	return strings.HasSuffix(b, "href=") || strings.HasSuffix(b, "](") || strings.HasSuffix(b, "src=")
}

// sample tells addresses that show the form of an address.
func sample(name string) bool {
	first, _, _ := strings.Cut(name, ".")
	switch {
	case first == "example" || first == "region" || first == "resource" || first == "yourdomain":
		return true
	}
	return first == "myresource" || first == "myendpoint" || strings.HasPrefix(first, "your-") || strings.HasPrefix(first, "my-") || strings.HasPrefix(first, "your_")
}

// knownOther are services that are no AI, whatever is sent to them.
var knownOther = []string{"wordpress.org", "w.org", "freemius.com", "woocommerce.com", "stripe.com", "paypal.com", "gravatar.com", "google-analytics.com",
	"googletagmanager.com", "github.com", "brevo.com", "sendinblue.com", "mailchimp.com", "hubspot.com", "cloudflare.com", "recaptcha.net", "googleapis.com",
	"facebook.com", "klaviyo.com", "zapier.com", "slack.com", "telegram.org", "whatsapp.com", "twilio.com", "sentry.io", "appsero.com", "akismet.com", "ip-api.com", "ipinfo.io",
	"clearbit.com", "hunter.io", "fullcontact.com", "apollo.io", "zoominfo.com", "unsplash.com", "pexels.com", "pixabay.com"}

func other(name string) bool {
	for _, k := range knownOther {
		if name == k || strings.HasSuffix(name, "."+k) {
			return true
		}
	}
	return false
}
