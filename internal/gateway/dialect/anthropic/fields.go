package anthropic

import (
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Fields says what becomes of every field of a request for a message.
func (Messages) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "a name, looked up among models and aliases", "model"),
		dialect.Of(dialect.Bounded, "", "messages[].role", "messages[].content[].type", "messages[].content[].name",
			"system[].type", "messages[].content[].content[].type", "tools[].type", "tools[].name", "tool_choice.type", "tool_choice.name",
			"tool_choice.disable_parallel_tool_use", "output_config.format.type", "output_format.type",
			"max_tokens", "temperature", "top_p", "stream", "thinking.type"),
		dialect.Of(dialect.Masked, "", "system", "system[].text", "messages[].content", "messages[].content[].text", "messages[].content[].input",
			"messages[].content[].content", "messages[].content[].content[].text", "tools[].description"),
		dialect.Of(dialect.Masked, "the answer says end_turn, not stop_sequence: engines do not tell", "stop_sequences"),
		dialect.Of(dialect.Emulated, "the result begins with \"Error: \"", "messages[].content[].is_error"),
		dialect.Of(dialect.Schema, "", "tools[].input_schema", "output_config.format.schema", "output_format.schema"),
		dialect.Of(dialect.Renamed, "", "messages[].content[].id", "messages[].content[].tool_use_id"),
		dialect.Of(dialect.Ignored, "", "messages[].content[].cache_control", "messages[].content[].content[].cache_control", "system[].cache_control",
			"tools[].cache_control", "tools[].eager_input_streaming"),
		dialect.Of(dialect.Ignored, "arguments always obey the schema", "tools[].strict"),
		dialect.Of(dialect.Refused, "unsupported_content", "messages[].content[].source"),
		dialect.Of(dialect.Dropped, "what a model thought before is not given to it again", "messages[].content[].thinking", "messages[].content[].signature", "messages[].content[].data"),
		dialect.Of(dialect.Dropped, "", "messages[].content[].citations", "metadata", "service_tier", "top_k", "thinking.budget_tokens", "thinking.display",
			"output_config.effort", "container", "context_management", "mcp_servers", "inference_geo", "cache_control", "betas"),
		dialect.ExtensionFields(),
	)
}
