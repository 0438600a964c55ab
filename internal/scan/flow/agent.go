package flow

import (
	"regexp"
	"strings"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// Doors for AI agents and for queries: MCP tools and GraphQL fields.

// mcpSink is where the answer of an MCP tool leaves: to whichever agent asked.
var mcpSink = &rule.Sink{Name: "MCP tool", Way: "ai", Address: rule.Ref{Arg: -1}, Note: abilitySink.Note}

// mcpName are the names of classes and functions that register a tool for agents.
var mcpName = regexp.MustCompile(`(?i)mcp_?(?:tool|server)|(?:register|add)_?(?:mcp_?)?tool$`)

// mcpTool registers a tool when a call looks like it: a name, and an array with a callback.
func (f *frame) mcpTool(called string, n *php.Node, a []*Value) {
	if !mcpName.MatchString(called[strings.LastIndexByte(called, '\\')+1:]) {
		return
	}
	for i, args := range a {
		if args == nil {
			continue
		}
		for _, key := range []string{"callback", "execute_callback", "handler", "execute"} {
			callback := args.fields[key]
			if callback == nil || len(f.callables(callback)) == 0 {
				continue
			}
			names := args.fields["name"].literals()
			if len(names) == 0 && i > 0 {
				names = a[i-1].literals()
			}
			for _, name := range names {
				e := f.addEntry("mcp", name, "agent", n, callback)
				e.site = f.site(mcpSink, n)
				f.permission(e, args)
			}
			return
		}
	}
}

// graphqlField is register_graphql_field( type, name, config ).
func graphqlField(f *frame, n *php.Node, a []*Value) *Value {
	return f.graphql(n, oneOf(arg(a, 0))+"."+oneOf(arg(a, 1)), arg(a, 2).field("resolve"))
}

// graphqlMutation is register_graphql_mutation( name, config ).
func graphqlMutation(f *frame, n *php.Node, a []*Value) *Value {
	return f.graphql(n, oneOf(arg(a, 0)), arg(a, 1).field("mutateAndGetPayload"))
}

func (f *frame) graphql(n *php.Node, name string, resolve *Value) *Value {
	if len(f.callables(resolve)) > 0 {
		f.addEntry("graphql", name, "guest", n, resolve)
	}
	return nil
}
