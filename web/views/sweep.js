import { html, nothing } from 'lit';
import { comparePath, FEWEST, MOST } from '../model/compare.js';
import * as format from '../model/format.js';
import { progress } from '../model/progress.js';
import { trialPath } from '../model/route.js';
import { address, readNumbers, selection } from '../model/selection.js';
import { chip, figure, of, progressBar } from '../parts/marks.js';
import '../parts/curves.js';
import '../parts/heat-map.js';
import '../parts/importance.js';
import '../parts/notes.js';
import '../parts/parallel.js';
import '../parts/scatter.js';
import '../parts/timeline.js';
import '../parts/trial-filter.js';
import '../parts/trials.js';
import { Resource } from '../resource.js';
import { router } from '../router.js';
import { Page } from './view.js';

/** One sweep: how it stands, its trials, what they tell. What is chosen is in the address. */
class SweepPage extends Page {
  static properties = { sweep: {}, query: { attribute: false }, hover: { state: true } };
  #sweep = new Resource(this);
  /** How many trials the filter lets through, or what is wrong with it. */
  #matching = new Resource(this, { keep: true });
  /** The model of the best trial, which has the test figure once it was exported. */
  #model = new Resource(this);
  /** What is chosen, with the last filter that could be read. */
  #chosen = {};

  constructor() {
    super();
    this.hover = '';
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    const api = `/api/v1/sweeps/${encodeURIComponent(this.sweep)}`;
    this.#sweep.show(api);
    const asked = selection(this.query);
    this.#matching.show(address(`${api}/matching`, asked));
    const { data, loading } = this.#matching;
    const readable = data !== null && !loading && data.problem === null;
    const { filter = '', state = '', brush = '', hidden = '' } = readable ? this.query : this.#chosen;
    this.#chosen = { ...this.query, filter, state, brush, hidden };
    const best = this.#sweep.data?.best_trial;
    if (best) this.#model.show(`/api/v1/trials/${encodeURIComponent(best)}/model`);
    this.setTitle(this.#sweep.data?.name);
  }

  render() {
    const sweep = this.#sweep.data;
    if (!sweep) return this.waiting(this.#sweep, 'sweep');
    const matching = this.#matching.data;
    const query = this.#chosen;
    return html`
      <nav class="crumbs" aria-label="Where you are"><a href="/">Sweeps</a></nav>
      ${this.#header(sweep)}
      ${this.stale(this.#sweep)}
      <graft-trial-filter .sweep=${sweep} .query=${this.query} .problem=${matching?.problem ?? null}
        .matching=${matching && !matching.problem ? matching.matching : null}></graft-trial-filter>
      ${matching === null ? (this.#matching.error ? html`<p class="notice" role="status">${this.#matching.error}</p>` : nothing) : html`<div class="split" @hover-trial=${this.#hovered}>
        <graft-trials .sweep=${sweep} .query=${query} .best=${sweep.best_trial ?? ''} .hover=${this.hover}></graft-trials>
        <div class="sticky"><graft-curves .sweep=${sweep} .query=${query} .best=${sweep.best_trial ?? ''} .hover=${this.hover}></graft-curves></div>
      </div>
      <graft-parallel .sweep=${sweep} .query=${query}></graft-parallel>
      <div class="pair-of-cards">
        <graft-importance .sweep=${sweep} .query=${query}></graft-importance>
        <graft-heat-map .sweep=${sweep} .query=${query}></graft-heat-map>
      </div>
      <div class="pair-of-cards">
        <graft-scatter .sweep=${sweep} .query=${query}></graft-scatter>
        <graft-timeline .sweep=${sweep} .query=${query}></graft-timeline>
      </div>`}
      ${this.#sharing(sweep)}
      <section class="card" aria-labelledby="notes"><h2 id="notes">Notes</h2><graft-notes .sweep=${sweep.id}></graft-notes></section>
      ${this.#comparing()}`;
  }

  #header(sweep) {
    const { total, done } = progress(sweep.counts);
    const { best } = sweep;
    const test = best ? this.#model.data?.test : null;
    const running = sweep.state === 'running';
    return html`<header class="card hero">
      <div class="head"><h1 tabindex="-1"><bdi>${sweep.name}</bdi></h1>${chip(sweep.state)}
        <p class="quiet">${sweep.method} search · ${sweep.goal} ${format.metricName(sweep.metric).toLowerCase()} ·
          started <time datetime=${sweep.created_at} title=${format.dateTime(sweep.created_at)}>${format.ago(sweep.created_at, this.now)}</time></p></div>
      ${sweep.reason ? html`<p class="reason">${sweep.reason}</p>` : nothing}
      ${sweep.tags.length > 0 || sweep.archived || sweep.name !== sweep.recorded_name ? html`<p class="aside tags">${sweep.archived ? html`<span class="chip">archived</span> ` : nothing}${sweep.tags.map((tag) => html`<a class="chip" href=${address('/', { tag })}><bdi>${tag}</bdi></a> `)}${sweep.name !== sweep.recorded_name ? html`recorded as <bdi>${sweep.recorded_name}</bdi>` : nothing}</p>` : nothing}
      ${progressBar(sweep.counts)}
      <p class="under">${of(done, total)} trials ended${this.#others(sweep.counts)}${running ? html` · ${this.#left(sweep)}` : nothing}</p>
      <dl class="figures">
        ${figure(
          running ? 'Best so far' : 'Best',
          best ? format.metric(sweep.metric, best.best.metrics[sweep.metric]) : format.MISSING,
          best ? html`<a href=${trialPath(best.id)}>Trial ${best.number}</a>, epoch ${best.best.epoch}${sweep.interval ? html`<br>95 % interval ${format.interval(sweep.interval)}` : nothing}` : 'no trial has a value yet',
          true,
        )}
        ${test ? figure('Test', format.percent(test.accuracy), html`${format.plural(test.images, 'image')} kept aside<br>95 % interval ${format.interval(test)}`) : nothing}
        ${figure('Time', format.duration(format.secondsBetween(sweep.created_at, sweep.ended_at, this.now)), sweep.ended_at ? '' : 'so far')}
        ${sweep.images_per_second ? figure('Frozen base', html`${format.count(Math.round(sweep.images_per_second))}<span class="quiet"> images/s</span>`, 'decoding included') : nothing}
        ${figure('Frozen passes', format.count(sweep.frozen_passes), this.#passes(sweep))}
      </dl>
    </header>`;
  }

  #passes({ frozen_passes: done, frozen_passes_saved: saved, feature_groups: groups }) {
    const hits = groups.filter((group) => group.cache.hit).length;
    return [saved > 0 ? `${format.count(saved)} saved by sharing` : done > 0 ? 'nothing to share' : '', hits > 0 ? `${format.count(hits)} of ${format.plural(groups.length, 'feature group')} from the cache` : ''].filter(Boolean).join(', ');
  }

  #others(counts) {
    return ['running', 'pruned', 'failed', 'crashed', 'cancelled']
      .filter((state) => counts[state])
      .map((state) => html`, <span class=${state === 'failed' || state === 'crashed' ? 'bad' : ''}>${counts[state]} ${state}</span>`);
  }

  #left({ eta_seconds: seconds }) {
    return seconds === null || seconds === undefined ? 'time left is known after two trials' : `${format.about(seconds)} left`;
  }

  #sharing(sweep) {
    if (sweep.feature_groups.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="features">
      <h2 id="features">Shared features</h2>
      <p class="aside">The frozen base runs once for each group; every trial of the group trains on what it gave.</p>
      <div class="scroller" tabindex="0" role="region" aria-label="Table of feature groups"><table>
        <caption class="hidden">Feature groups of this sweep</caption>
        <thead><tr><th scope="col">Group</th><th scope="col">Base</th><th scope="col" class="number">Size</th><th scope="col">Cut</th>
          <th scope="col" class="number">Trials</th><th scope="col" class="number">Images</th><th scope="col" class="number">On disk</th><th scope="col" class="number">Computed in</th></tr></thead>
        <tbody>${sweep.feature_groups.map((group) => html`<tr><td><code>${group.key}</code></td><td>${group.base}</td><td class="number">${group.image_size}</td><td>${group.cut}</td>
          <td class="number">${format.count(sweep.group_trials[group.key] ?? 0)}</td><td class="number">${format.count(group.images)}</td><td class="number">${format.bytes(group.bytes)}</td>
          <td class="number">${group.cache.hit ? 'in the cache' : format.duration(group.decode_seconds + group.prefix_seconds)}</td></tr>`)}</tbody>
      </table></div>
    </section>`;
  }

  /** The trials ticked in the table, and the way to their comparison. */
  #comparing() {
    const numbers = readNumbers(this.query.compare);
    if (numbers.length === 0) return nothing;
    const few = numbers.length < FEWEST;
    const many = numbers.length > MOST;
    return html`<aside class="compare-bar" aria-label="Trials to compare"><span role="status">${few ? 'Tick another trial to compare it with this one.' : many ? `Six trials at most can be compared; untick ${format.count(numbers.length - MOST)}.` : `${format.plural(numbers.length, 'trial')}: ${numbers.join(', ')}`}</span>
      ${few || many ? nothing : html`<a class="button" href=${comparePath(numbers.map((number) => `${this.#sweep.data.id}-${number}`))}>Compare</a>`}
      <button type="button" class="plain" @click=${() => router.choose({ compare: '' })}>Untick all</button></aside>`;
  }

  #hovered = (event) => {
    this.hover = event.detail;
  };
}

customElements.define('graft-sweep', SweepPage);
