package dialect

// Finish ends a decoder: the fields nobody read go with the call, and what no
// protocol allows is refused in the same words everywhere.
func Finish(r *Reader, c *Call) (*Call, error) {
	for i, m := range c.Messages {
		ids := map[string]bool{}
		for _, t := range m.ToolCalls {
			if t.ID != "" && ids[t.ID] {
				r.Fail(Invalid("duplicate_tool_id", Elem("messages", i), "Two tool calls of one message have the same id, so their results cannot be told apart. Give each its own."))
			}
			ids[t.ID] = true
		}
	}
	names := map[string]bool{}
	for i, t := range c.Tools {
		if names[t.Name] {
			r.Fail(Invalid("duplicate_tool", Elem("tools", i), "Two tools have the same name, so a call of it would not be clear. Name each differently."))
		}
		names[t.Name] = true
	}
	c.Dropped = r.Dropped()
	return c, r.Err()
}
