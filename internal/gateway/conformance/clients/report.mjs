// What every client is asked, and how it reports: one JSON line for each
// feature, {"client", "dialect", "feature", "result"}; result is "works",
// "refused: code" or "FAILS: why".
import { readFileSync } from 'node:fs';

export const base = process.env.RINGFENCE_BASE; // http://127.0.0.1:port
export const key = process.env.RINGFENCE_KEY;
export const real = process.env.RINGFENCE_REAL === '1'; // a real model answers: its words cannot be foreseen
export const customer = 'My name is Anna Muster, my address is anna.muster@example.org. Please greet me by name.';
export const weather = {
  type: 'object',
  properties: { city: { type: 'string', maxLength: 24 }, days: { type: 'integer' } },
  required: ['city'],
  additionalProperties: false,
};

export function version(name) {
  return JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url))).version;
}

export function assert(fine, what) {
  if (!fine) throw new Error(what);
}

// greeted: the customer's own words are back in the answer.
export function greeted(text) {
  assert(typeof text === 'string' && text.length > 0, 'no text');
  assert(!/\[PERSON|\[EMAIL/.test(text), `a placeholder came through: ${text}`);
  if (!real) assert(text.includes('Anna Muster'), `the name did not come back: ${text}`);
}

export class Refused extends Error {}

// refusedWith waits for an error of the client's own kind and returns its code.
export async function refusedWith(promise, status, code) {
  try {
    await promise;
  } catch (e) {
    const got = e.status ?? e.status_code ?? e.statusCode;
    assert(got === status, `status ${got}, not ${status}: ${e.message}`);
    assert(JSON.stringify([e.message, e.error ?? null, e.code ?? null]).includes(code), `not ${code}: ${e.message}`);
    throw new Refused(code);
  }
  throw new Error('was not refused');
}

export async function run(client, dialect, features) {
  for (const [feature, test] of Object.entries(features)) {
    let result = 'works';
    try {
      await test();
    } catch (e) {
      result = e instanceof Refused ? `refused: ${e.message}` : `FAILS: ${e.message}`;
    }
    console.log(JSON.stringify({ client, dialect, feature, result }));
  }
}

// collect waits for the whole of a stream.
export async function collect(stream) {
  const all = [];
  for await (const part of stream) all.push(part);
  return all;
}
