import { GoogleGenAI } from '@google/genai';
import { assert, base, collect, customer, greeted, key, real, refusedWith, run, version, weather } from './report.mjs';

const client = `@google/genai ${version('@google/genai')} (node)`;
const open = (apiKey, more = {}) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: base, ...more } });
const ai = open(key);
const model = 'gemini-2.5-flash';
const few = { maxOutputTokens: 40 };
const tools = [{ functionDeclarations: [{ name: 'weather', description: 'The weather', parametersJsonSchema: weather }] }];

await run(client, 'gemini.generate', {
  models: async () => assert((await collect(await ai.models.list())).length > 0, 'no models'),
  plain: async () => {
    const r = await ai.models.generateContent({ model, contents: customer, config: { ...few, systemInstruction: 'You are friendly.' } });
    greeted(r.text);
    assert(r.usageMetadata.promptTokenCount > 0 && r.candidates[0].finishReason, 'usage');
  },
  stream: async () => {
    const parts = await collect(await ai.models.generateContentStream({ model, contents: customer, config: few }));
    greeted(parts.map((p) => p.text ?? '').join(''));
    assert(parts.at(-1).candidates[0].finishReason, 'no finish reason');
  },
  'JSON schema': async () => {
    const r = await ai.models.generateContent({ model, contents: customer, config: { maxOutputTokens: 60, responseMimeType: 'application/json', responseJsonSchema: weather } });
    assert('city' in JSON.parse(r.text), 'not the schema');
  },
  'count tokens': async () => assert((await ai.models.countTokens({ model, contents: customer })).totalTokens > 0, 'no count'),
  embeddings: async () => {
    const r = await ai.models.embedContent({ model: 'gemini-embedding-001', contents: [customer, 'wool sweater'] });
    assert(r.embeddings.length === 2 && r.embeddings[0].values.length > 2, 'vectors');
  },
  ...(real ? {} : {
    tools: async () => {
      const asked = await ai.models.generateContent({ model, contents: customer, config: { tools } });
      const call = asked.functionCalls[0];
      assert(call.args.city, 'no call');
      const r = await ai.models.generateContent({ model, config: { tools }, contents: [{ role: 'user', parts: [{ text: customer }] }, asked.candidates[0].content,
        { role: 'user', parts: [{ functionResponse: { id: call.id, name: call.name, response: { degrees: 21 } } }] }] });
      greeted(r.text);
    },
    'tools, streamed': async () => {
      const parts = await collect(await ai.models.generateContentStream({ model, contents: customer, config: { tools } }));
      assert(parts.flatMap((p) => p.functionCalls ?? [])[0].args.city, 'no call');
    },
    'time-out': async () => {
      try {
        await open(key, { timeout: 300 }).models.generateContent({ model, contents: 'be slow' });
      } catch (e) {
        assert(/abort|time/i.test(`${e.name} ${e.message}`), `${e.constructor.name}: ${e.message}`);
        return;
      }
      throw new Error('did not time out');
    },
    'context overflow': () => refusedWith(ai.models.generateContent({ model, contents: 'be too long' }), 400, 'context_length_exceeded'),
    'too many requests': () => refusedWith(open(process.env.RINGFENCE_SLOW_KEY).models.generateContent({ model, contents: customer }), 429, 'rate_limited_requests'),
  }),
  image: () => refusedWith(ai.models.generateContent({ model, contents: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }), 400, 'unsupported_content'),
  'unknown model': () => refusedWith(ai.models.generateContent({ model: 'no-such-model', contents: customer }), 404, 'model_not_found'),
  'wrong key': () => refusedWith(open('AIzaVendor').models.generateContent({ model, contents: customer }), 401, 'malformed_key'),
});
