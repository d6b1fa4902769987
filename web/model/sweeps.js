/** The list of sweeps: which are shown, and what is said of their notes. Pure functions. */

/** The tags of an address, in their order. @param {string} [text] split by commas, which no tag has */
export function tagsOf(text = '') {
  return [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))];
}

/** The address's tags with one more, or one less. */
export function toggled(tags, tag) {
  return tags.includes(tag) ? tags.filter((each) => each !== tag) : [...tags, tag];
}

/** All tags with how many sweeps have them, the most frequent first. */
export function countTags(sweeps) {
  const counts = new Map();
  for (const sweep of sweeps) {
    for (const tag of sweep.tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag, 'en', { numeric: true }));
}

/**
 * Sweeps that hold every word of the text and every tag. A word is looked for in names, id, state, method, bases, tags
 * and notes.
 */
export function filterSweeps(sweeps, { text = '', tags = [], archived = false }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return sweeps.filter((sweep) => (archived || !sweep.archived)
    && tags.every((tag) => (sweep.tags ?? []).includes(tag))
    && matches(sweep, words));
}

function matches(sweep, words) {
  if (words.length === 0) return true;
  const all = [sweep.name, sweep.recorded_name, sweep.id, sweep.state, sweep.method, sweep.notes, ...(sweep.bases ?? []), ...(sweep.tags ?? [])]
    .map((each) => (each ?? '').toLowerCase());
  return words.every((word) => all.some((each) => each.includes(word)));
}

/** The first words of notes, without the signs of Markdown. @param {string} [notes] */
export function excerpt(notes = '', most = 90) {
  const text = notes
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[ \t]*(#{1,6}|>|[-*+]|\d+[.)])[ \t]+/gm, '')
    .replace(/[*_`~]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
