package anthropic

import "ringfence/internal/gateway/dialect"

// Models is the list of models of GET /v1/models.
type Models struct{ Errors }

type model struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Display string `json:"display_name"`
	Created string `json:"created_at"`
}

func modelOf(m dialect.Model) model {
	return model{"model", m.Name, m.Serves, "1970-01-01T00:00:00Z"}
}

// List renders all models as one page.
func (Models) List(models []dialect.Model) []byte {
	page := struct {
		Data  []model `json:"data"`
		More  bool    `json:"has_more"`
		First *string `json:"first_id"`
		Last  *string `json:"last_id"`
	}{Data: []model{}}
	for _, m := range models {
		page.Data = append(page.Data, modelOf(m))
	}
	if n := len(page.Data); n > 0 {
		page.First, page.Last = &page.Data[0].ID, &page.Data[n-1].ID
	}
	return dialect.Marshal(page)
}

// Show renders one model.
func (Models) Show(m dialect.Model) []byte { return dialect.Marshal(modelOf(m)) }
