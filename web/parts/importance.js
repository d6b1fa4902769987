import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { address, selection } from '../model/selection.js';
import { words } from '../model/table.js';
import { look } from './look.js';
import { TrialCard } from './trial-card.js';

const MOST_PAIRS = 5;

/** What each parameter has to do with the differences between trials, and a sentence that says so. */
class ImportanceCard extends TrialCard {
  address() {
    return address(`${this.api}/importance`, { metric: this.query.metric ?? '', ...selection(this.query) });
  }

  render() {
    const data = this.resource.data;
    return this.card('importance', 'What matters', html`${this.trouble()}${data ? this.#shares(data) : nothing}`);
  }

  #shares({ metric, kind, trials, effects, pairs, rest, sentence }) {
    const rows = [
      ...effects.map((each) => ({ name: words(each.parameter), ...each })),
      ...pairs.filter((each) => each.share >= 0.005).slice(0, MOST_PAIRS).map((each) => ({ name: `${words(each.first)} × ${words(each.second)}`, ...each })),
    ].sort((a, b) => b.share - a.share);
    const how = {
      grid: `Exact shares of the differences in ${format.metricName(metric).toLowerCase()} between ${format.count(trials)} finished trials of a complete grid.`,
      forest: `Estimated with a random forest from ${format.count(trials)} finished trials.`,
    }[kind];
    return html`<p class="says">${sentence}</p>
      ${rows.length === 0 ? nothing : html`<table class="shares"><caption class="hidden">Shares of the differences</caption>
        <thead class="hidden"><tr><th scope="col">Parameter</th><th scope="col">Share</th></tr></thead>
        <tbody>${rows.map((row) => this.#row(row))}${rest === null ? nothing : this.#row({ name: kind === 'forest' ? 'not foreseen' : 'repeats and what three or more do together', share: rest, quiet: true })}</tbody></table>`}
      ${how ? html`<p class="aside">${how}</p>` : nothing}`;
  }

  #row({ name, share, probability = null, quiet = false }) {
    return html`<tr ?data-quiet=${quiet}><th scope="row"><bdi>${name}</bdi></th>
      <td class="bar"><i aria-hidden="true"><b ${look({ width: `${Math.max(0, Math.min(1, share)) * 100}%` })}></b></i></td>
      <td class="number" title=${probability === null ? nothing : `chance of so much if it did nothing: ${probability < 0.001 ? 'less than 0.001' : probability.toFixed(3)}`}>${format.percent(share, share < 0.0995 ? 1 : 0)}</td></tr>`;
  }
}

customElements.define('graft-importance', ImportanceCard);
