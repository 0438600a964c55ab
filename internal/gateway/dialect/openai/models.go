package openai

import "ringfence/internal/gateway/dialect"

// Models is the list of models of GET /v1/models.
type Models struct{ Errors }

type model struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created"`
	OwnedBy string `json:"owned_by"`
}

// List renders all models.
func (Models) List(models []dialect.Model) []byte {
	list := []model{}
	for _, m := range models {
		list = append(list, model{m.Name, "model", 0, "ringfence"})
	}
	return dialect.Marshal(struct {
		Object string  `json:"object"`
		Data   []model `json:"data"`
	}{"list", list})
}

// Show renders one model.
func (Models) Show(m dialect.Model) []byte {
	return dialect.Marshal(model{m.Name, "model", 0, "ringfence"})
}
