import { Ollama } from 'ollama';
import { assert, base, collect, customer, greeted, key, real, refusedWith, run, version, weather } from './report.mjs';

const client = `ollama ${version('ollama')} (node)`;
const open = (token) => new Ollama({ host: base, headers: { Authorization: `Bearer ${token}` } });
const ai = open(key);
const model = 'gpt-4o-mini';
const messages = [{ role: 'user', content: customer }];
const options = { num_predict: 40 };
const tools = [{ type: 'function', function: { name: 'weather', description: 'The weather', parameters: weather } }];

await run(client, 'ollama.chat', {
  models: async () => assert((await ai.list()).models.length > 0, 'no models'),
  plain: async () => {
    const r = await ai.chat({ model, messages, options });
    greeted(r.message.content);
    assert(r.done && r.prompt_eval_count > 0, 'usage');
  },
  stream: async () => {
    const parts = await collect(await ai.chat({ model, messages, options, stream: true }));
    greeted(parts.map((p) => p.message.content).join(''));
    assert(parts.at(-1).done && parts.at(-1).done_reason, 'no end');
  },
  'JSON schema': async () => assert('city' in JSON.parse((await ai.chat({ model, messages, options: { num_predict: 60 }, format: weather })).message.content), 'not the schema'),
  ...(real ? {} : {
    tools: async () => {
      const asked = await ai.chat({ model, messages, tools });
      const call = asked.message.tool_calls[0];
      assert(call.function.arguments.city, 'no call');
      greeted((await ai.chat({ model, tools, messages: [...messages, asked.message, { role: 'tool', tool_name: 'weather', content: '{"degrees": 21}' }] })).message.content);
    },
    cancel: async () => {
      const stream = await ai.chat({ model, messages: [{ role: 'user', content: 'begin, then be slow' }], stream: true });
      try {
        for await (const _ of stream) stream.abort();
      } catch (e) {
        assert(e.name === 'AbortError', e.message);
      }
    },
    'context overflow': () => refusedWith(ai.chat({ model, messages: [{ role: 'user', content: 'be too long' }] }), 400, ''),
    'too many requests': () => refusedWith(open(process.env.RINGFENCE_SLOW_KEY).chat({ model, messages }), 429, ''),
  }),
  image: () => refusedWith(ai.chat({ model, messages: [{ ...messages[0], images: ['AAAA'] }] }), 400, ''),
  'unknown model': () => refusedWith(ai.chat({ model: 'no-such-model', messages }), 404, ''),
  'wrong key': () => refusedWith(open('nonsense').chat({ model, messages }), 401, ''),
});

await run(client, 'ollama.generate', {
  plain: async () => greeted((await ai.generate({ model, prompt: customer, options })).response),
  stream: async () => greeted((await collect(await ai.generate({ model, prompt: customer, options, stream: true }))).map((p) => p.response).join('')),
});

await run(client, 'ollama.embed', {
  plain: async () => assert((await ai.embed({ model: 'nomic-embed-text', input: [customer, 'wool'] })).embeddings.length === 2, 'vectors'),
});
