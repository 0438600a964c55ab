package openai

import (
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Fields says what becomes of every field of a chat completion request.
func (Chat) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "a name, looked up among models and aliases", "model"),
		dialect.Of(dialect.Bounded, "", "messages[].role", "messages[].tool_calls[].function.name",
			"messages[].content[].type", "tools[].type", "tools[].function.name", "tool_choice", "tool_choice.function.name",
			"parallel_tool_calls", "response_format.type", "temperature", "top_p", "presence_penalty", "frequency_penalty",
			"seed", "n", "logprobs", "top_logprobs", "max_tokens", "max_completion_tokens", "stream", "stream_options.include_usage"),
		dialect.Of(dialect.Masked, "", "messages[].content", "messages[].content[].text", "messages[].content[].refusal",
			"messages[].tool_calls[].function.arguments", "tools[].function.description", "stop"),
		dialect.Of(dialect.Schema, "", "tools[].function.parameters", "response_format.schema"),
		dialect.Of(dialect.Schema, "bare, or in {name, schema}", "response_format.json_schema", "response_format.json_schema.schema"),
		dialect.Of(dialect.Ignored, "a schema is a schema", "response_format.json_schema.name", "response_format.json_schema.description", "response_format.json_schema.strict"),
		dialect.Of(dialect.Ignored, "arguments always obey the schema", "tools[].function.strict"),
		dialect.Of(dialect.Renamed, "", "messages[].tool_call_id", "messages[].tool_calls[].id"),
		dialect.Of(dialect.Ignored, "function is the only one", "messages[].tool_calls[].type", "tool_choice.type"),
		dialect.Of(dialect.Ignored, "left over from a stream", "messages[].tool_calls[].index"),
		dialect.Of(dialect.Ignored, "", "stream_options.include_obfuscation"),
		dialect.Of(dialect.Refused, "unsupported_content", "messages[].content[].image_url", "messages[].content[].input_audio", "messages[].content[].file"),
		dialect.Of(dialect.Dropped, "", "messages[].name", "messages[].refusal", "messages[].audio", "messages[].reasoning_content",
			"messages[].function_call", "store", "user", "safety_identifier", "metadata", "service_tier", "logit_bias", "reasoning_effort", "verbosity",
			"prediction", "modalities", "audio", "web_search_options", "functions", "function_call", "prompt_cache_key"),
		dialect.Of(dialect.Dropped, "of OpenRouter", "models", "provider", "route", "transforms", "plugins", "reasoning", "usage", "top_k", "min_p", "top_a", "repetition_penalty"),
		dialect.ExtensionFields(),
	)
}
