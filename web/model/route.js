/** The address holds the state: which page, and what is chosen on it. */

/** @typedef {{page: 'sweeps'|'sweep'|'trial'|'compare'|'missing', id: string, query: Record<string, string>}} Route */

/** @param {string} path @param {string} [search] @returns {Route} */
export function parse(path, search = '') {
  const query = Object.fromEntries(new URLSearchParams(search));
  const parts = path.split('/').filter(Boolean);
  if (parts.length === 0) return { page: 'sweeps', id: '', query };
  if (parts.length === 1 && parts[0] === 'compare') return { page: 'compare', id: '', query };
  const page = { sweeps: 'sweep', trials: 'trial' }[parts[0]];
  if (parts.length !== 2 || !page) return { page: 'missing', id: '', query };
  return { page, id: decode(parts[1]), query };
}

/** @param {string} id */
export const sweepPath = (id) => `/sweeps/${encodeURIComponent(id)}`;

/** @param {string} id */
export const trialPath = (id) => `/trials/${encodeURIComponent(id)}`;

/** The query with some entries changed; empty ones are dropped, so that a default leaves no trace. */
export function withQuery(query, changes) {
  const all = { ...query, ...changes };
  const kept = Object.entries(all).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const text = new URLSearchParams(kept).toString();
  return text ? `?${text}` : '';
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
