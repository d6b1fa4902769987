import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import * as format from '../model/format.js';
import { classRows, comparePath, curveMetrics, FEWEST, MOST, readTrials, SCORES, shortName, without } from '../model/compare.js';
import { sweepPath, trialPath } from '../model/route.js';
import { address } from '../model/selection.js';
import { classDots, compareCurves } from '../charts/compare-charts.js';
import '../charts/chart.js';
import { mark } from '../parts/compare-marks.js';
import { compareTable } from '../parts/compare-table.js';
import { verdicts } from '../parts/compare-verdicts.js';
import '../parts/divided.js';
import { look } from '../parts/look.js';
import { chip } from '../parts/marks.js';
import { choice } from '../parts/trial-card.js';
import { Resource } from '../resource.js';
import { router } from '../router.js';
import { Page } from './view.js';

const ROWS = 30;

/** A few trials side by side; which ones is in the address. */
class ComparePage extends Page {
  static properties = { query: { attribute: false }, every: { state: true } };
  #resource = new Resource(this, { keep: true });
  #drawn = { key: '', curves: null, dots: null };

  willUpdate(changed) {
    super.willUpdate(changed);
    const ids = readTrials(this.query.trials);
    this.setTitle('Compare');
    if (ids.length < FEWEST || ids.length > MOST) return;
    this.#resource.show(address('/api/v1/compare', { trials: ids.join(','), reference: this.query.reference ?? '' }));
  }

  render() {
    const ids = readTrials(this.query.trials);
    if (ids.length < FEWEST || ids.length > MOST) return this.#choose(ids.length);
    const { data, error, missing, refusal } = this.#resource;
    // Trials that are not there any more must not look as if they were.
    if (!data || missing || refusal) return this.#resource.refusal ? this.#refused(error) : this.waiting({ error, missing }, 'trial');
    this.#draw(data);
    const one = data.trials.every((each) => each.sweep === data.trials[0].sweep);
    return html`
      <nav class="crumbs" aria-label="Where you are"><a href="/">Sweeps</a>${one ? html`<span aria-hidden="true">›</span><a href=${sweepPath(data.trials[0].sweep)}><bdi>${data.trials[0].sweep_name}</bdi></a>` : nothing}</nav>
      ${this.#header(data, one)}
      ${this.stale(this.#resource)}
      <section class="card" aria-labelledby="verdict"><h2 id="verdict">Is the difference real?</h2>
        <p class="under">${data.images_sentence}</p>${verdicts(data)}</section>
      <section class="card" aria-labelledby="side"><div class="card-head"><h2 id="side">Side by side</h2>${this.#toggle(data)}</div>
        ${compareTable(data, this.query.all === 'true')}</section>
      <div class="pair-of-cards">${this.#curves(data)}${this.#classes(data)}</div>
      <section class="card" aria-labelledby="divided"><h2 id="divided">Images that divide them</h2>
        <graft-divided .comparison=${data} .show=${this.query.show ?? ''}></graft-divided></section>`;
  }

  #choose(count) {
    return html`<section class="empty"><h1 tabindex="-1">Compare</h1>
      <p>${count > MOST ? `Six trials at most can be compared; this address names ${count}.` : count === 1 ? 'This address names one trial; another is needed to compare it with.' : 'Two to six trials are shown side by side: what differs between them, whether the difference is real, and the images that divide them.'}</p>
      <p>Tick them in the table of a sweep. <a href="/">All sweeps</a></p></section>`;
  }

  #refused(error) {
    return html`<section class="empty"><h1 tabindex="-1">Compare</h1><p>${error.charAt(0).toUpperCase() + error.slice(1)}.</p><p><a href="/">All sweeps</a></p></section>`;
  }

  #header({ trials, reference, metric, metrics }, one) {
    const values = metrics.find((each) => each.name === metric)?.values ?? [];
    return html`<header class="card hero"><div class="head"><h1 tabindex="-1">${trials.length} trials compared</h1></div>
      <ul class="contenders">${trials.map((trial, index) => html`<li ?data-reference=${trial.id === reference}>
        <p class="who">${mark(index)}<a href=${trialPath(trial.id)}>Trial ${trial.number}</a>${chip(trial.state)}</p>
        ${one ? nothing : html`<p class="quiet"><a href=${sweepPath(trial.sweep)}><bdi>${trial.sweep_name}</bdi></a></p>`}
        <p class="value">${format.metric(metric, values[index])}<small>${format.shortMetricName(metric).toLowerCase()}</small></p>
        <p class="acts">${trial.id === reference
          ? html`<strong>the reference</strong>`
          : html`<button type="button" class="plain" aria-label="Compare with trial ${trial.number}" @click=${() => router.choose({ reference: trial.id })}>make reference</button>`}
          ${trials.length > FEWEST ? html`<button type="button" class="plain quiet" aria-label="Remove trial ${trial.number}" @click=${() => this.#remove(trial.id)}>remove</button>` : nothing}</p>
      </li>`)}</ul></header>`;
  }

  /** A step of the history: what was removed by mistake is a step back away. */
  #remove(id) {
    const { trials, ...rest } = without(id, this.query);
    router.go(comparePath(readTrials(trials), { ...this.query, ...rest }));
  }

  #toggle({ parameters }) {
    const same = parameters.filter((each) => !each.differs).length;
    const all = this.query.all === 'true';
    return same === 0 ? nothing : html`<label class="toggle"><input type="checkbox" .checked=${all} @change=${(event) => router.choose({ all: event.target.checked ? 'true' : '' })}> All parameters (${format.count(same)} are the same)</label>`;
  }

  /** New drawings only where something they show has changed. */
  #draw(data) {
    const metrics = curveMetrics(data.curves, data.metric);
    const metric = metrics.includes(this.query.metric) ? this.query.metric : metrics[0];
    const score = SCORES.some(([name]) => name === this.query.score) ? this.query.score : 'f1';
    const key = [metric, score, this.query.order, this.every].join('|');
    if (this.#drawn.key === key && this.#drawn.data === data) return;
    const names = data.trials.map((trial) => shortName(trial, data.trials));
    const rows = classRows(data.classes, score, this.query.order === 'name').filter((row) => row.values.some((value) => value !== null));
    const shown = this.every ? rows : rows.slice(0, ROWS);
    this.#drawn = {
      key,
      data,
      metric,
      metrics,
      score,
      rows,
      shown,
      curves: metric ? compareCurves(data.trials.map((trial, index) => ({ name: names[index], epochs: data.curves[index], kept: trial.kept_epoch })), metric) : null,
      dots: shown.length > 0 ? classDots(shown, names, SCORES.find(([name]) => name === score)[1]) : null,
    };
  }

  #curves({ trials }) {
    const { metric, metrics, curves } = this.#drawn;
    return html`<section class="card" aria-labelledby="learning"><div class="card-head"><h2 id="learning">Learning curves</h2>
      ${metrics.length > 1 ? html`<div class="choices">${choice('Metric', metrics.map((name) => [name, format.metricName(name)]), metric, (name) => router.choose({ metric: name === metrics[0] ? '' : name }))}</div>` : nothing}</div>
      ${curves
        ? html`${this.#legend(trials)}<graft-chart class="compared" .option=${curves} name="compared-${metric}" label="${format.metricName(metric)} by epoch of ${trials.length} trials; the kept epochs have larger marks"></graft-chart>`
        : html`<p class="quiet nothing">No epoch has ended yet.</p>`}</section>`;
  }

  #classes({ trials, classes, images_sentence: sentence }) {
    const { score, rows, shown, dots } = this.#drawn;
    const name = SCORES.find(([each]) => each === score)[1];
    return html`<section class="card" aria-labelledby="classes"><div class="card-head"><h2 id="classes">Class by class</h2>
      ${dots ? html`<div class="choices">${choice('Score', SCORES, score, (each) => router.choose({ score: each === 'f1' ? '' : each }))}
        ${choice('Order', [['', 'largest difference'], ['name', 'as in the data']], this.query.order === 'name' ? 'name' : '', (order) => router.choose({ order }))}</div>` : nothing}</div>
      ${dots
        ? html`${this.#legend(trials)}
          <graft-chart class="dots" .option=${dots} name="classes-${score}" ${look({ '--rows': String(shown.length) })} label="${name} of each class and trial; the table below has the same values"></graft-chart>
          ${rows.length > ROWS ? html`<p class="further"><button type="button" class="pick" @click=${() => (this.every = !this.every)}>${this.every ? `Show the first ${ROWS}` : `Show all ${format.count(rows.length)} classes`}</button></p>` : nothing}
          ${guard([classes, score, this.query.order], () => classTable(trials, rows, name))}`
        : html`<p class="quiet nothing">${sentence}</p>`}</section>`;
  }

  #legend(trials) {
    return html`<ul class="legend" aria-label="Trials">${trials.map((trial, index) => html`<li>${mark(index)}<bdi>${shortName(trial, trials)}</bdi></li>`)}</ul>`;
  }
}

function classTable(trials, rows, name) {
  return html`<details><summary>As a table</summary><div class="scroller" tabindex="0" role="region" aria-label="${name} by class"><table>
    <caption class="hidden">${name} of each class and trial</caption>
    <thead><tr><th scope="col">Class</th>${trials.map((trial) => html`<th scope="col" class="number"><bdi>${shortName(trial, trials)}</bdi></th>`)}<th scope="col" class="number">Images</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr><th scope="row"><bdi>${row.name}</bdi></th>${row.values.map((value) => html`<td class="number">${format.percent(value)}</td>`)}<td class="number">${format.count(row.support)}</td></tr>`)}</tbody>
  </table></div></details>`;
}

customElements.define('graft-compare', ComparePage);
