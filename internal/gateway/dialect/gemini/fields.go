package gemini

import (
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Fields says what becomes of every field of a request for content.
func (Generate) Fields() []dialect.Field {
	const parts, function, config = "contents[].parts[].", "tools[].functionDeclarations[].", "generationConfig."
	return slices.Concat(
		dialect.Of(dialect.Ignored, "the path has it", "model"),
		dialect.Of(dialect.Bounded, "", "contents[].role", parts+"functionCall.name", parts+"functionResponse.name", parts+"thought", function+"name",
			"toolConfig.functionCallingConfig.mode", "toolConfig.functionCallingConfig.allowedFunctionNames",
			config+"maxOutputTokens", config+"candidateCount", config+"temperature", config+"topP", config+"presencePenalty", config+"frequencyPenalty",
			config+"seed", config+"responseLogprobs", config+"logprobs", config+"responseMimeType", config+"responseModalities", config+"thinkingConfig.includeThoughts"),
		dialect.Of(dialect.Masked, "", "systemInstruction", "systemInstruction.parts[].text", parts+"text", parts+"functionCall.args", parts+"functionResponse.response",
			function+"description", config+"stopSequences"),
		dialect.Of(dialect.Schema, "Google's form becomes JSON schema", function+"parameters", config+"responseSchema"),
		dialect.Of(dialect.Schema, "", function+"parametersJsonSchema", config+"responseJsonSchema"),
		dialect.Of(dialect.Renamed, "", parts+"functionCall.id", parts+"functionResponse.id"),
		dialect.Of(dialect.Ignored, "", "systemInstruction.role", parts+"thoughtSignature", parts+"functionResponse.willContinue", parts+"functionResponse.scheduling"),
		dialect.Of(dialect.Refused, "unsupported_content", parts+"inlineData", parts+"fileData", parts+"executableCode", parts+"codeExecutionResult"),
		dialect.Of(dialect.Refused, "unsupported_tool", "tools[].googleSearch", "tools[].googleSearchRetrieval", "tools[].codeExecution", "tools[].urlContext", "tools[].computerUse",
			"tools[].fileSearch", "tools[].googleMaps", "tools[].mcpServers"),
		dialect.Of(dialect.Refused, "unsupported_field", "cachedContent"),
		dialect.Of(dialect.Dropped, "the guards of the store decide", "safetySettings"),
		dialect.Of(dialect.Dropped, "", "labels", "serviceTier", "store", parts+"videoMetadata", parts+"mediaResolution", function+"response", function+"responseJsonSchema", function+"behavior",
			"toolConfig.retrievalConfig", config+"topK", config+"speechConfig", config+"mediaResolution", config+"enableEnhancedCivicAnswers", config+"imageConfig",
			config+"thinkingConfig.thinkingBudget", config+"thinkingConfig.thinkingLevel"),
		dialect.ExtensionFields(),
	)
}
