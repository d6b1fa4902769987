import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { progress, secondsLeft } from '../model/progress.js';
import { trialPath } from '../model/route.js';
import { colourGroups } from '../model/series.js';
import { columnsOf, countStates, filterTrials, sortTrials, splitParameters } from '../model/table.js';
import { chip, figure, of, progressBar } from '../parts/marks.js';
import '../parts/trial-table.js';
import '../charts/sweep-curves.js';
import { Resource } from '../resource.js';
import { router } from '../router.js';
import { Page } from './view.js';

const METRICS = ['val_accuracy', 'val_loss', 'val_macro_f1', 'loss'];
const MAX_COLOURS = 8;

/** One sweep: how it stands, its trials, their curves. Sorting, filter, metric and colours are in the address. */
class SweepPage extends Page {
  static properties = { sweep: {}, query: { attribute: false }, hover: { state: true } };
  #sweep = new Resource(this, 'trials');
  #curves = new Resource(this);
  #drawn = { key: '', curves: [] };

  constructor() {
    super();
    this.hover = '';
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    const address = `/api/v1/sweeps/${encodeURIComponent(this.sweep)}`;
    this.#sweep.show(address);
    const metric = this.query.metric || this.#sweep.data?.metric;
    if (metric) this.#curves.show(`${address}/curves?metric=${encodeURIComponent(metric)}`);
    this.setTitle(this.#sweep.data?.name);
  }

  render() {
    const sweep = this.#sweep.data;
    if (!sweep) return this.waiting(this.#sweep, 'sweep');
    const columns = columnsOf(sweep.trials, sweep.metric, sweep.goal);
    const { q = '', state = '', sort = 'rank', order = '' } = this.query;
    const shown = sortTrials(filterTrials(sweep.trials, q, state), columns, sort, order);
    return html`
      <nav class="crumbs" aria-label="Where you are"><a href="/">Sweeps</a></nav>
      ${this.#header(sweep)}
      ${this.stale(this.#sweep)}
      <div class="split">
        <section class="card" aria-labelledby="trials">
          <h2 id="trials">Trials</h2>
          ${this.#filter(sweep, shown, q, state)}
          ${shown.length === 0
            ? html`<p class="quiet nothing">No trial matches. <button type="button" class="plain" @click=${() => router.choose({ q: '', state: '' })}>Show all</button></p>`
            : html`<graft-trial-table .trials=${shown} .columns=${columns} .sort=${sort} .order=${order} .best=${sweep.best_trial ?? ''}
                .metric=${sweep.metric} .hover=${this.hover} @hover-trial=${this.#hovered}></graft-trial-table>`}
          ${this.#constants(sweep)}
        </section>
        <section class="card sticky" aria-labelledby="learning">
          <h2 id="learning">Learning curves</h2>
          ${this.#chart(sweep, shown)}
        </section>
      </div>
      ${this.#sharing(sweep)}`;
  }

  #header(sweep) {
    const counts = countStates(sweep.trials);
    const { total, done } = progress(counts);
    const best = sweep.trials.find((trial) => trial.id === sweep.best_trial);
    const running = sweep.state === 'running';
    const hits = sweep.feature_groups.filter((group) => group.cache.hit).length;
    const passes = sweep.frozen_passes + sweep.frozen_passes_saved;
    return html`<header class="card hero">
      <div class="head"><h1 tabindex="-1"><bdi>${sweep.name}</bdi></h1>${chip(sweep.state)}
        <p class="quiet">${sweep.method} search · ${sweep.goal} ${format.metricName(sweep.metric).toLowerCase()} ·
          started <time datetime=${sweep.created_at} title=${format.dateTime(sweep.created_at)}>${format.ago(sweep.created_at, this.now)}</time></p></div>
      ${sweep.reason ? html`<p class="reason">${sweep.reason}</p>` : nothing}
      ${progressBar(counts)}
      <p class="under">${of(done, total)} trials ended${this.#others(counts)}${running ? html` · ${this.#left(sweep)}` : nothing}</p>
      <dl class="figures">
        ${figure(
          running ? 'Best so far' : 'Best',
          best ? format.metric(sweep.metric, best.best.metrics[sweep.metric]) : format.MISSING,
          best ? html`<a href=${trialPath(best.id)}>Trial ${best.number}</a>, epoch ${best.best.epoch}` : 'no trial has a value yet',
          true,
        )}
        ${figure('Time', format.duration(format.secondsBetween(sweep.created_at, sweep.ended_at, this.now)), sweep.ended_at ? '' : 'so far')}
        ${figure('Frozen passes', of(sweep.frozen_passes, passes), sweep.frozen_passes_saved > 0 ? `${format.count(sweep.frozen_passes_saved)} saved by sharing` : 'nothing to share')}
        ${figure('Feature groups', format.count(sweep.feature_groups.length), hits > 0 ? `${format.count(hits)} from the cache` : 'none from the cache')}
      </dl>
    </header>`;
  }

  #others(counts) {
    return ['running', 'pruned', 'failed', 'crashed', 'cancelled']
      .filter((state) => counts[state])
      .map((state) => html`, <span class=${state === 'failed' || state === 'crashed' ? 'bad' : ''}>${counts[state]} ${state}</span>`);
  }

  #left(sweep) {
    const seconds = secondsLeft(sweep.trials, sweep.created_at, this.now);
    return seconds === null ? 'time left is known after two trials' : `${format.about(seconds)} left`;
  }

  #filter(sweep, shown, q, state) {
    const counts = countStates(sweep.trials);
    const states = Object.keys(counts);
    const pick = (value) => html`<button type="button" class="pick" aria-pressed=${state === value} @click=${() => router.choose({ state: state === value ? '' : value })}>
      ${value} <span>${counts[value]}</span></button>`;
    return html`<div class="filter">
      <label class="search"><span class="hidden">Filter trials</span>
        <input type="search" placeholder="Filter, for example dropout=0.2" .value=${q} @input=${(event) => router.choose({ q: event.target.value })}></label>
      ${states.length > 1 ? html`<div class="picks" role="group" aria-label="State">${states.map(pick)}</div>` : nothing}
      <span class="quiet matches" role="status">${q || state ? `${format.count(shown.length)} of ${format.count(sweep.trials.length)}` : nothing}</span>
    </div>`;
  }

  #constants(sweep) {
    const { constant } = splitParameters(sweep.trials);
    return constant.length === 0 || sweep.trials.length < 2
      ? nothing
      : html`<p class="aside">The same in all trials: ${constant.map(({ name, value }, index) => html`${index ? ', ' : ''}<span class="pair">${name.replaceAll('_', ' ')} <b><bdi>${format.parameter(value)}</bdi></b></span>`)}.</p>`;
  }

  #chart(sweep, shown) {
    const metric = this.query.metric || sweep.metric;
    const metrics = METRICS.includes(sweep.metric) ? METRICS : [sweep.metric, ...METRICS];
    const { varying } = splitParameters(sweep.trials);
    const groups = new Map(varying.map((name) => [name, colourGroups(sweep.trials, name)]).filter(([, group]) => group.size <= MAX_COLOURS));
    const colour = groups.has(this.query.colour) ? this.query.colour : '';
    const curves = this.#series(sweep, shown, varying, colour ? groups.get(colour) : null, metric, colour);
    const option = (value, text, chosen) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`;
    return html`<div class="choices">
        <label>Metric <select @change=${(event) => router.choose({ metric: event.target.value === sweep.metric ? '' : event.target.value })}>
          ${metrics.map((name) => option(name, format.metricName(name), metric))}</select></label>
        ${groups.size > 0
          ? html`<label>Colour by <select @change=${(event) => router.choose({ colour: event.target.value })}>
              ${option('', 'nothing', colour)}${[...groups.keys()].map((name) => option(name, name.replaceAll('_', ' '), colour))}</select></label>`
          : nothing}
      </div>
      ${colour ? this.#legend(groups.get(colour)) : nothing}
      ${this.#curves.data?.page?.next ? html`<p class="aside">Curves of the best ${format.count(Object.keys(this.#curves.data.curves).length)} of ${format.count(this.#curves.data.page.total)} trials.</p>` : nothing}
      ${curves.some((curve) => curve.points.length > 0)
        ? html`<graft-sweep-curves .curves=${curves} .metric=${metric} .best=${sweep.best_trial ?? ''} .hover=${this.hover}
            @hover-trial=${this.#hovered} @open-trial=${(event) => router.go(trialPath(event.detail))}></graft-sweep-curves>`
        : html`<p class="quiet nothing">${this.#curves.data ? 'No epoch has ended yet.' : 'Loading curves…'}</p>`}`;
  }

  #legend(group) {
    return html`<ul class="legend" aria-label="Colours">${[...group].map(([value, index]) =>
      html`<li data-series=${(index % MAX_COLOURS) + 1}><i aria-hidden="true"></i><bdi>${format.parameter(JSON.parse(value))}</bdi></li>`)}</ul>`;
  }

  /** The same array while nothing it depends on changes: a new one makes the chart draw anew. */
  #series(sweep, shown, varying, group, metric, colour) {
    const data = this.#curves.data?.curves ?? {};
    const key = [shown.map((trial) => trial.id).sort().join(), metric, colour].join('|');
    if (this.#drawn.key === key && this.#drawn.data === data) return this.#drawn.curves;
    const curves = shown
      .filter((trial) => data[trial.id]?.length > 0)
      .sort((a, b) => a.number - b.number)
      .map((trial) => ({
        id: trial.id,
        name: `Trial ${trial.number}`,
        detail: varying.map((name) => `${name.replaceAll('_', ' ')} ${format.parameter(trial.parameters[name])}`).join(' · '),
        points: data[trial.id],
        colour: group ? (group.get(JSON.stringify(trial.parameters[colour] ?? null)) ?? -1) : -1,
      }));
    this.#drawn = { key, data, curves };
    return curves;
  }

  #sharing(sweep) {
    if (sweep.feature_groups.length === 0) return nothing;
    const users = (group) => sweep.trials.filter((trial) => trial.feature_group === group.key).length;
    return html`<section class="card" aria-labelledby="features">
      <h2 id="features">Shared features</h2>
      <p class="aside">The frozen base runs once for each group; every trial of the group trains on what it gave.</p>
      <div class="scroller" tabindex="0" role="region" aria-labelledby="features"><table>
        <caption class="hidden">Feature groups of this sweep</caption>
        <thead><tr><th scope="col">Group</th><th scope="col">Base</th><th scope="col" class="number">Size</th><th scope="col">Cut</th>
          <th scope="col" class="number">Trials</th><th scope="col" class="number">Images</th><th scope="col" class="number">On disk</th><th scope="col" class="number">Computed in</th></tr></thead>
        <tbody>${sweep.feature_groups.map((group) => html`<tr><td><code>${group.key}</code></td><td>${group.base}</td><td class="number">${group.image_size}</td><td>${group.cut}</td>
          <td class="number">${users(group)}</td><td class="number">${format.count(group.images)}</td><td class="number">${format.bytes(group.bytes)}</td>
          <td class="number">${group.cache.hit ? 'in the cache' : format.duration(group.decode_seconds + group.prefix_seconds)}</td></tr>`)}</tbody>
      </table></div>
    </section>`;
  }

  #hovered = (event) => {
    this.hover = event.detail;
  };
}

customElements.define('graft-sweep', SweepPage);
