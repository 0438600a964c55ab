package dialect

import "strings"

func (v Value) emptyList() bool { return v.Kind == '[' && len(v.Items) == 0 }

// Schema writes a JSON schema as it was written, but for what PHP writes
// wrongly: objects without members, which it writes as [].
func (v Value) Schema() string {
	switch {
	case v.emptyList():
		return "{}"
	case v.Kind != '{' || !strings.Contains(v.Raw, "[]"):
		return v.JSON()
	}
	members := make([]string, 0, len(v.Members))
	for _, m := range v.Members {
		members = append(members, string(Quote(nil, m.Name))+":"+m.Value.inSchema(m.Name))
	}
	return "{" + strings.Join(members, ",") + "}"
}

// inSchema writes the value of a schema's keyword.
func (v Value) inSchema(keyword string) string {
	switch keyword {
	case "properties", "$defs", "definitions", "patternProperties":
		members := make([]string, 0, len(v.Members))
		for _, m := range v.Members {
			members = append(members, string(Quote(nil, m.Name))+":"+m.Value.Schema())
		}
		return "{" + strings.Join(members, ",") + "}"
	case "items", "additionalProperties", "not":
		if v.Kind == '{' || v.emptyList() {
			return v.Schema()
		}
	case "anyOf", "oneOf", "allOf":
		items := make([]string, 0, len(v.Items))
		for _, item := range v.Items {
			items = append(items, item.Schema())
		}
		return "[" + strings.Join(items, ",") + "]"
	}
	return v.JSON()
}
