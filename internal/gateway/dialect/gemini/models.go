package gemini

import "ringfence/internal/gateway/dialect"

// Models is the list of models of GET /v1beta/models.
type Models struct{ Errors }

type model struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Display string   `json:"displayName"`
	Context int      `json:"inputTokenLimit,omitempty"`
	Methods []string `json:"supportedGenerationMethods"`
}

func modelOf(m dialect.Model) model {
	return model{"models/" + m.Name, "local", m.Serves, m.Context, []string{"generateContent", "countTokens"}}
}

// List renders all models as one page.
func (Models) List(models []dialect.Model) []byte {
	list := []model{}
	for _, m := range models {
		list = append(list, modelOf(m))
	}
	return dialect.Marshal(map[string][]model{"models": list})
}

// Show renders one model.
func (Models) Show(m dialect.Model) []byte { return dialect.Marshal(modelOf(m)) }
