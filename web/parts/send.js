/**
 * Asks the API to change something.
 * @param {string} method
 * @param {string} address
 * @param {object} [body]
 * @returns {Promise<any>} the answer
 * @throws {Error} saying why not, in words for the reader
 */
export async function send(method, address, body) {
  let answer;
  try {
    answer = await fetch(address, {
      method,
      headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Error('The server cannot be reached; is graft still running?');
  }
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(sentence(data.error ?? `the server answered ${answer.status}`));
  return data;
}

/** @param {string} id */
export const sweepAddress = (id) => `/api/v1/sweeps/${encodeURIComponent(id)}`;

function sentence(text) {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(start) ? start : `${start}.`;
}
