package main

import (
	"testing"

	"ringfence/internal/config"
	"ringfence/internal/model"
)

// The model that comes with Ringfence brings a chat template without tools;
// an operator's own model keeps the template it brings.
func TestOurModelGetsATemplateWithTools(t *testing.T) {
	for configured, want := range map[string]bool{"": true, "/srv/models/own.gguf": false} {
		s := &service{config: config.Default()}
		s.config.Engine.Model = configured
		if got := s.localOptions(model.Files{}).ChatML; got != want {
			t.Errorf("with the model %q the engine gets our template: %v", configured, got)
		}
	}
}
