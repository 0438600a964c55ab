import json

import openai

from report import base, customer, greeted, key, real, refused_with, run, weather

client = f"openai {openai.__version__} (Python)"
ai = openai.OpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0, timeout=60)
model = "gpt-4o-mini"
hello = [{"role": "user", "content": customer}]
tools = [{"type": "function", "function": {"name": "weather", "description": "The weather", "parameters": weather}}]


def plain():
    r = ai.chat.completions.create(model=model, messages=hello, max_completion_tokens=40)
    greeted(r.choices[0].message.content)
    assert r.usage.total_tokens == r.usage.prompt_tokens + r.usage.completion_tokens, "usage"


def stream():
    parts = list(ai.chat.completions.create(model=model, messages=hello, stream=True, max_tokens=40,
                                            stream_options={"include_usage": True}))
    greeted("".join(p.choices[0].delta.content or "" for p in parts if p.choices))
    assert any(p.usage for p in parts), "no usage event"


def schema():
    r = ai.chat.completions.create(model=model, messages=hello, max_tokens=60, response_format={
        "type": "json_schema", "json_schema": {"name": "weather", "strict": True, "schema": weather}})
    assert "city" in json.loads(r.choices[0].message.content), "not the schema"


def with_tools():
    asked = ai.chat.completions.create(model=model, messages=hello, tools=tools).choices[0]
    call = asked.message.tool_calls[0]
    assert asked.finish_reason == "tool_calls" and json.loads(call.function.arguments)["city"], "no call"
    r = ai.chat.completions.create(model=model, tools=tools, messages=[
        *hello, asked.message, {"role": "tool", "tool_call_id": call.id, "content": '{"degrees": 21}'}])
    greeted(r.choices[0].message.content)


def timeout():
    try:
        ai.with_options(timeout=0.3).chat.completions.create(model=model, messages=[{"role": "user", "content": "be slow"}])
    except openai.APITimeoutError:
        return
    raise AssertionError("did not time out")


def cancel():
    parts = ai.chat.completions.create(model=model, messages=[{"role": "user", "content": "begin, then be slow"}], stream=True)
    next(iter(parts))
    parts.close()


def retry():
    r = ai.with_options(max_retries=2).chat.completions.create(
        model=model, messages=[{"role": "user", "content": f"fail once. {customer}"}])
    greeted(r.choices[0].message.content)


def vectors():
    r = ai.embeddings.create(model="text-embedding-3-small", input=[customer, "wool sweater"])
    assert len(r.data) == 2 and len(r.data[0].embedding) > 2, "vectors"


def responses():
    greeted(ai.responses.create(model=model, input=customer, max_output_tokens=40).output_text)


def responses_stream():
    parts = list(ai.responses.create(model=model, input=customer, max_output_tokens=40, stream=True))
    greeted("".join(p.delta for p in parts if p.type == "response.output_text.delta"))
    assert parts[-1].type in ("response.completed", "response.incomplete"), parts[-1].type


scripted = {} if real else {
    "tools": with_tools, "time-out": timeout, "cancel": cancel, "retry": retry,
    "context overflow": lambda: refused_with(lambda: ai.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "be too long"}]), 400, "context_length_exceeded"),
}
run(client, "openai.chat", {
    "plain": plain, "stream": stream, "JSON schema": schema, **scripted,
    "unknown model": lambda: refused_with(lambda: ai.chat.completions.create(model="no-such-model", messages=hello), 404, "model_not_found"),
    "wrong key": lambda: refused_with(lambda: openai.OpenAI(base_url=f"{base}/v1", api_key="sk-vendor", max_retries=0)
                                      .chat.completions.create(model=model, messages=hello), 401, "malformed_key"),
})
run(client, "openai.responses", {"plain": responses, "stream": responses_stream})
run(client, "openai.embeddings", {"plain": vectors})
