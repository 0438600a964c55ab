package ollama

import (
	"strings"

	"ringfence/internal/gateway/dialect"
)

// Models is the list of models of GET /api/tags, and POST /api/show.
type Models struct{ Errors }

type model struct {
	Name     string  `json:"name"`
	Model    string  `json:"model"`
	Modified string  `json:"modified_at"`
	Size     int64   `json:"size"`
	Digest   string  `json:"digest"`
	Details  details `json:"details"`
}

type details struct {
	Parent   string   `json:"parent_model"`
	Format   string   `json:"format"`
	Family   string   `json:"family"`
	Families []string `json:"families"`
	Size     string   `json:"parameter_size"`
	Level    string   `json:"quantization_level"`
}

var gguf = details{Parent: "", Format: "gguf", Families: []string{}}

const unknownTime = "1970-01-01T00:00:00Z"

// List renders all models.
func (Models) List(models []dialect.Model) []byte {
	list := []model{}
	for _, m := range models {
		list = append(list, model{m.Name, m.Name, unknownTime, 0, strings.TrimPrefix(m.Digest, "sha256:"), gguf})
	}
	return dialect.Marshal(map[string][]model{"models": list})
}

// Show renders one model. Its template and parameters are the engine's affair.
func (Models) Show(m dialect.Model) []byte {
	info := map[string]any{"general.basename": m.Serves}
	if m.Context > 0 {
		info["general.context_length"] = m.Context
	}
	return dialect.Marshal(map[string]any{
		"modelfile": "", "parameters": "", "template": "", "details": gguf, "model_info": info,
		"capabilities": []string{"completion", "tools"}, "modified_at": unknownTime,
	})
}

// Asked reads the name of the model in a request to show one.
func (Models) Asked(req dialect.Request) (string, error) {
	root, err := dialect.Parse(req.Body, req.Limits)
	if err != nil {
		return "", err
	}
	var r dialect.Reader
	o := r.Object("", root)
	name, older := o.String("model"), o.String("name")
	if name == "" {
		name = older
	}
	return modelName(name), r.Err()
}

// Version is what GET /api/version says: the version of the protocol that is
// spoken here, for clients that compare it.
const Version = `{"version":"0.13.0"}`
