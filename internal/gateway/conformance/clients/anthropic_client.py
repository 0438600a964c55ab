import anthropic

from report import base, customer, greeted, key, real, refused_with, run, weather

client = f"anthropic {anthropic.__version__} (Python)"
ai = anthropic.Anthropic(base_url=base, api_key=key, max_retries=0, timeout=60)
model = "claude-sonnet-4-5"
messages = [{"role": "user", "content": customer}]
tools = [{"name": "weather", "description": "The weather", "input_schema": weather}]


def text(r):
    return "".join(c.text for c in r.content if c.type == "text")


def create(**more):
    return ai.messages.create(**{"model": model, "max_tokens": 40, "messages": messages, **more})


def stream():
    with ai.messages.stream(model=model, max_tokens=40, messages=messages) as s:
        greeted("".join(s.text_stream))
        assert s.get_final_message().usage.output_tokens > 0, "usage"


def with_tools():
    asked = create(tools=tools)
    use = next(c for c in asked.content if c.type == "tool_use")
    assert asked.stop_reason == "tool_use" and use.input["city"], "no call"
    greeted(text(create(tools=tools, messages=[*messages, {"role": "assistant", "content": asked.content}, {
        "role": "user", "content": [{"type": "tool_result", "tool_use_id": use.id, "content": '{"degrees": 21}'}]}])))


def count():
    assert ai.messages.count_tokens(model=model, messages=messages).input_tokens > 0, "no count"


def timeout():
    try:
        ai.with_options(timeout=0.3).messages.create(model=model, max_tokens=40, messages=[{"role": "user", "content": "be slow"}])
    except anthropic.APITimeoutError:
        return
    raise AssertionError("did not time out")


scripted = {} if real else {
    "tools": with_tools, "time-out": timeout,
    "context overflow": lambda: refused_with(lambda: create(messages=[{"role": "user", "content": "be too long"}]), 400, "context_length_exceeded"),
}
run(client, "anthropic.messages", {
    "plain": lambda: greeted(text(create(system="You are friendly."))), "stream": stream, "count tokens": count, **scripted,
    "unknown model": lambda: refused_with(lambda: create(model="no-such-model"), 404, "model_not_found"),
    "wrong key": lambda: refused_with(lambda: anthropic.Anthropic(base_url=base, api_key="sk-ant-vendor", max_retries=0)
                                      .messages.create(model=model, max_tokens=40, messages=messages), 401, "malformed_key"),
})
