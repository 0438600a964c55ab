package gateway

import (
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/minimize"
	"ringfence/proof"
)

// storeData is the structured data of a call that its purpose may use, as
// compact JSON; "" for none.
type storeData string

// minimize cuts the call's structured store data to what its purpose may use.
func (g *Gateway) minimize(t *trip, call *dialect.Call) (storeData, error) {
	ext := call.Extension
	if len(ext.Context) == 0 {
		return "", nil
	}
	cut, err := minimize.Cut(ext.Purpose, ext.Subject, ext.Context)
	if err != nil {
		return "", dialect.Invalid("invalid_context", "ringfence.context", "The store data could not be read: %v.", err)
	}
	counts := proof.Fields(cut.Counts)
	t.record.Fields = &counts
	t.trace.minimized(cut)
	return storeData(cut.Text), nil
}
