package scan

import (
	"encoding/json"
	"path"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// config reads wp-config.php without running it: switches by value, credentials by name only.
func (t *tree) config() *fact.Config {
	for _, s := range t.files {
		if s.path != "wp-config.php" {
			continue
		}
		c := &fact.Config{File: s.path, Constants: map[string]string{}}
		f, _ := php.Parse(s.path, t.read(s))
		f.Each(func(n *php.Node) bool {
			if n.Op != php.Call || n.X.Op != php.Const || !strings.EqualFold(n.X.Text, "define") || len(n.List) != 2 || n.List[0].X.Op != php.Str {
				return true
			}
			name, v := n.List[0].X.Text, n.List[1].X
			switch {
			case rule.KeyName(name) || secretConstant(name):
				c.Constants[name] = "(set, not shown)"
			case v.Op == php.Const || v.Op == php.Num || v.Op == php.Str:
				c.Constants[name] = v.Text
			}
			return true
		})
		return c
	}
	return nil
}

func secretConstant(name string) bool {
	for _, w := range []string{"PASSWORD", "SALT", "_KEY", "SECRET", "TOKEN", "DB_USER", "DB_HOST", "DB_NAME"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// requires lists the AI libraries a composer.json asks for.
func requires(text string) []string {
	var doc struct {
		Require map[string]string `json:"require"`
	}
	if json.Unmarshal([]byte(text), &doc) != nil {
		return nil
	}
	var list []string
	for name := range doc.Require {
		if aiLibraries[name] || aiLibraries[path.Dir(name)+"/*"] {
			list = append(list, name)
		}
	}
	sort.Strings(list)
	return list
}

// aiLibraries are Composer packages that speak to AI services.
var aiLibraries = map[string]bool{
	"openai-php/client": true, "openai-php/laravel": true, "orhanerday/open-ai": true, "inspector-apm/neuron-ai": true, "neuron-core/neuron-ai": true,
	"theodo-group/llphant": true, "google-gemini-php/client": true, "anthropic-ai/sdk": true, "mozex/anthropic-php": true, "symfony/ai-platform": true,
	"prism-php/prism": true, "gemini-api-php/client": true, "wordpress/php-ai-client": true, "wordpress/wp-ai-client": true, "deeplcom/deepl-php": true,
	"deepseek-php/deepseek-php-client": true, "partitech/php-mistral": true, "aws/aws-sdk-php": false,
}
