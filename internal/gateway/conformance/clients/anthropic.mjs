import Anthropic from '@anthropic-ai/sdk';
import { assert, base, collect, customer, greeted, key, real, refusedWith, run, version, weather } from './report.mjs';

const client = `@anthropic-ai/sdk ${version('@anthropic-ai/sdk')} (node)`;
const ai = new Anthropic({ baseURL: base, apiKey: key, maxRetries: 0, timeout: 60_000 });
const model = 'claude-sonnet-4-5';
const messages = [{ role: 'user', content: customer }];
const tools = [{ name: 'weather', description: 'The weather in a city', input_schema: weather }];
const text = (r) => r.content.filter((c) => c.type === 'text').map((c) => c.text).join('');

await run(client, 'anthropic.messages', {
  models: async () => assert((await ai.models.list()).data.length > 0, 'no models'),
  plain: async () => {
    const r = await ai.messages.create({ model, max_tokens: 40, system: 'You are friendly.', messages });
    greeted(text(r));
    assert(r.usage.input_tokens > 0 && r.stop_reason, 'usage');
  },
  stream: async () => {
    const stream = ai.messages.stream({ model, max_tokens: 40, messages });
    const r = await stream.finalMessage();
    greeted(text(r));
    assert(r.usage.output_tokens > 0 && r.stop_reason, 'usage');
  },
  'content in parts': async () => greeted(text(await ai.messages.create({ model, max_tokens: 40, messages: [{ role: 'user', content: [{ type: 'text', text: customer }] }] }))),
  'count tokens': async () => assert((await ai.messages.countTokens({ model, messages })).input_tokens > 0, 'no count'),
  ...(real ? {} : {
    tools: async () => {
      const asked = await ai.messages.create({ model, max_tokens: 40, messages, tools });
      const use = asked.content.find((c) => c.type === 'tool_use');
      assert(asked.stop_reason === 'tool_use' && use.input.city, 'no call');
      const r = await ai.messages.create({ model, max_tokens: 40, tools, messages: [...messages, { role: 'assistant', content: asked.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: '{"degrees": 21}' }] }] });
      greeted(text(r));
    },
    'tools, streamed': async () => {
      const r = await ai.messages.stream({ model, max_tokens: 40, messages, tools }).finalMessage();
      assert(r.content.find((c) => c.type === 'tool_use').input.city, 'no call');
    },
    'time-out': async () => {
      try {
        await ai.messages.create({ model, max_tokens: 40, messages: [{ role: 'user', content: 'be slow' }] }, { timeout: 300 });
      } catch (e) {
        assert(e instanceof Anthropic.APIConnectionTimeoutError, `${e.constructor.name}: ${e.message}`);
        return;
      }
      throw new Error('did not time out');
    },
    cancel: async () => {
      const stream = await ai.messages.create({ model, max_tokens: 40, stream: true, messages: [{ role: 'user', content: 'begin, then be slow' }] });
      for await (const _ of stream) stream.controller.abort();
    },
    retry: async () => greeted(text(await ai.withOptions({ maxRetries: 2 }).messages.create({ model, max_tokens: 40, messages: [{ role: 'user', content: `fail once. ${customer}` }] }))),
    'context overflow': () => refusedWith(ai.messages.create({ model, max_tokens: 40, messages: [{ role: 'user', content: 'be too long' }] }), 400, 'context_length_exceeded'),
    'too many requests': () => refusedWith(new Anthropic({ baseURL: base, apiKey: process.env.RINGFENCE_SLOW_KEY, maxRetries: 0 })
      .messages.create({ model, max_tokens: 40, messages }), 429, 'rate_limited_requests'),
  }),
  image: () => refusedWith(ai.messages.create({ model, max_tokens: 40, messages: [{ role: 'user', content: [
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }] }] }), 400, 'unsupported_content'),
  'unknown model': () => refusedWith(ai.messages.create({ model: 'no-such-model', max_tokens: 40, messages }), 404, 'model_not_found'),
  'wrong key': () => refusedWith(new Anthropic({ baseURL: base, apiKey: 'sk-ant-vendor', maxRetries: 0 })
    .messages.create({ model, max_tokens: 40, messages }), 401, 'malformed_key'),
});
