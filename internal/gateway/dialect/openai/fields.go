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

// Fields says what becomes of every field of a request for a response.
func (Responses) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "a name, looked up among models and aliases", "model"),
		dialect.Of(dialect.Bounded, "", "input[].type", "input[].role", "input[].content[].type", "input[].output[].type", "input[].name", "tools[].type", "tools[].name",
			"tool_choice", "tool_choice.type", "tool_choice.name", "parallel_tool_calls", "text.format.type", "temperature", "top_p", "top_logprobs",
			"max_output_tokens", "stream", "include"),
		dialect.Of(dialect.Masked, "", "instructions", "input", "input[].content", "input[].content[].text", "input[].content[].refusal", "input[].arguments",
			"input[].output", "input[].output[].text", "tools[].description"),
		dialect.Of(dialect.Schema, "", "tools[].parameters", "text.format.schema"),
		dialect.Of(dialect.Renamed, "", "input[].call_id"),
		dialect.Of(dialect.Emulated, "kept in memory by integration, subject and conversation, for an hour", "previous_response_id", "store"),
		dialect.Of(dialect.Ignored, "", "input[].id", "input[].status", "input[].phase", "stream_options.include_usage", "stream_options.include_obfuscation"),
		dialect.Of(dialect.Ignored, "a schema is a schema", "text.format.name", "text.format.description", "text.format.strict"),
		dialect.Of(dialect.Ignored, "arguments always obey the schema", "tools[].strict"),
		dialect.Of(dialect.Ignored, "a prompt that is too long is refused, never cut", "truncation"),
		dialect.Of(dialect.Refused, "unsupported_content", "input[].content[].image_url", "input[].content[].file_id", "input[].content[].file_data", "input[].content[].file_url", "input[].content[].filename", "input[].content[].detail", "input[].content[].input_audio"),
		dialect.Of(dialect.Refused, "unsupported_field", "background", "conversation", "prompt"),
		dialect.Of(dialect.Dropped, "what a model thought before is not given to it again", "input[].summary", "input[].encrypted_content"),
		dialect.Of(dialect.Dropped, "", "input[].content[].annotations", "input[].content[].logprobs", "text.verbosity", "reasoning", "metadata", "user", "safety_identifier",
			"prompt_cache_key", "prompt_cache_retention", "service_tier", "max_tool_calls", "context_management", "moderation"),
		dialect.ExtensionFields(),
	)
}
