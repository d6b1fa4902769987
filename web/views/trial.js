import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { comparePath } from '../model/compare.js';
import * as format from '../model/format.js';
import { phaseStart } from '../model/series.js';
import { sweepPath, trialPath } from '../model/route.js';
import { trialCurves } from '../charts/trial-curves.js';
import '../charts/chart.js';
import '../parts/confusion.js';
import '../parts/gallery.js';
import '../parts/model.js';
import { calibration } from '../parts/calibration.js';
import { chip, figure } from '../parts/marks.js';
import { classTable } from '../parts/evaluation.js';
import { facts, sharedSeconds, timings } from '../parts/facts.js';
import { kin } from '../parts/kin.js';
import { Resource } from '../resource.js';
import { router } from '../router.js';
import { Page } from './view.js';

/** One trial: what it was, how it learned, what it gets wrong, and where it came from. */
class TrialPage extends Page {
  static properties = { trial: {}, query: { attribute: false } };
  #resource = new Resource(this);
  #lossChart = null;
  #shareChart = null;

  constructor() {
    super();
    this.query = {};
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    this.#resource.show(`/api/v1/trials/${encodeURIComponent(this.trial)}`);
    const data = this.#resource.data;
    if (!data) return;
    this.setTitle(`Trial ${data.trial.number}`, data.sweep.name);
    if (this.drawnFrom !== data) {
      this.drawnFrom = data;
      const kept = { kept: data.trial.kept_epoch, best: data.trial.best?.epoch ?? 0 };
      this.#lossChart = trialCurves(data.epochs, [{ metric: 'val_loss', name: 'validation' }, { metric: 'loss', name: 'training', dashed: true }], kept);
      this.#shareChart = trialCurves(data.epochs, [{ metric: 'val_accuracy', name: 'accuracy' }, { metric: 'val_macro_f1', name: 'macro F1', dashed: true }], kept);
    }
  }

  render() {
    const data = this.#resource.data;
    if (!data) return this.waiting(this.#resource, 'trial');
    const { sweep, trial } = data;
    // What went wrong comes first.
    const wrong = trial.state === 'failed' || trial.state === 'crashed';
    const attempts = wrong ? nothing : this.#attempts(data.attempts);
    return html`
      <nav class="crumbs" aria-label="Where you are"><a href="/">Sweeps</a><span aria-hidden="true">›</span><a href=${sweepPath(sweep.id)}><bdi>${sweep.name}</bdi></a>
        <span class="steps">${this.#step(data.previous, '← Previous')}${this.#step(data.next, 'Next →')}</span></nav>
      ${this.#header(data)}
      ${this.stale(this.#resource)}
      ${wrong ? this.#attempts(data.attempts) : nothing}
      ${this.#curves(data)}
      ${data.evaluation ? this.#evaluation(data) : this.#noEvaluation(trial)}
      <div class="pair-of-cards">
        ${data.calibration ? html`<section class="card" aria-labelledby="calibration"><h2 id="calibration">Is it as sure as it is right?</h2>${calibration(data.calibration, trial.id)}</section>` : nothing}
        <section class="card" aria-labelledby="time"><h2 id="time">Where the time went</h2>${timings(trial.timings)}
          <h2 class="small">What it shared</h2>${kin(data)}</section>
        ${data.calibration ? nothing : this.#origin(data)}
      </div>
      ${trial.state === 'finished' ? html`<section class="card" aria-labelledby="model"><graft-model .trial=${trial.id}></graft-model></section>` : nothing}
      ${data.calibration ? html`<div class="pair-of-cards">${attempts}${this.#origin(data)}</div>` : attempts}`;
  }

  #origin(data) {
    return html`<section class="card" aria-labelledby="origin"><h2 id="origin">Origin</h2>${facts(data)}</section>`;
  }

  #attempts(attempts) {
    return html`<section class="card" aria-labelledby="attempts"><h2 id="attempts">${attempts.length === 1 ? 'One attempt' : 'Attempts'}</h2>
      ${attempts.length === 0
        ? html`<p class="quiet nothing">None is recorded.</p>`
        : html`<ol class="attempts" ?data-one=${attempts.length === 1}>${attempts.map((attempt) => this.#attempt(attempt))}</ol>`}</section>`;
  }

  #attempt({ attempt, state, reason, counts, worker, started_at: started, ended_at: ended, log }) {
    const facts = [worker, started && format.dateTime(started), started && `${ended ? 'took' : 'for'} ${format.duration(format.secondsBetween(started, ended, this.now))}`];
    const bad = state === 'failed' || state === 'crashed';
    return html`<li>${chip(state)} <span class=${bad ? 'bad' : ''}>${reason}</span>
      <p class="aside">${facts.filter(Boolean).join(' · ')}${bad && !counts ? ' · not counted against it' : ''}</p>
      ${log ? html`<details ?open=${bad}><summary>End of the worker’s log</summary><pre tabindex="0" role="region" aria-label="Log of attempt ${attempt}">${log}</pre></details>` : nothing}</li>`;
  }

  #noEvaluation({ state }) {
    if (state === 'running' || state === 'waiting') return nothing;
    return html`<section class="card" aria-labelledby="matrix"><h2 id="matrix">Predictions</h2>
      <p class="quiet nothing">${state === 'finished' ? 'The record has none of this trial.' : 'Only trials that finish are asked what they make of each validation image.'}</p></section>`;
  }

  #step(id, text) {
    return id ? html`<a href=${trialPath(id)}>${text}</a>` : html`<span class="quiet" aria-hidden="true">${text}</span>`;
  }

  #header({ sweep, trial, evaluation }) {
    const metrics = trial.best?.metrics ?? {};
    const best = sweep.best_trial === trial.id;
    return html`<header class="card hero">
      <div class="head"><h1 tabindex="-1">Trial ${trial.number}</h1>${chip(trial.state)}
        ${best ? html`<span class="chip" data-state="best">best of ${format.count(sweep.trials)}</span>` : trial.rank ? html`<span class="quiet">rank ${trial.rank} of ${format.count(sweep.trials)}</span>` : nothing}
        ${evaluation && !best && sweep.best_trial ? html`<a class="aside-end" href=${comparePath([sweep.best_trial, trial.id])}>Compare with the best</a>` : nothing}</div>
      ${trial.reason ? html`<p class="reason" ?data-bad=${trial.state === 'failed' || trial.state === 'crashed'}>${trial.reason}</p>` : nothing}
      <dl class="figures">
        ${figure('Accuracy', format.metric('val_accuracy', metrics.val_accuracy), evaluation ? html`${format.count(evaluation.correct)} of ${format.plural(evaluation.images, 'image')}, 95 % interval ${format.interval(evaluation.interval)}` : '', true)}
        ${figure('Macro F1', format.metric('val_macro_f1', metrics.val_macro_f1))}
        ${figure('Val loss', format.metric('val_loss', metrics.val_loss))}
        ${figure('Kept epoch', trial.kept_epoch > 0 ? html`${trial.kept_epoch}<span class="quiet"> / ${trial.epochs}</span>` : format.MISSING)}
        ${figure('Training time', format.duration(trial.seconds ?? format.secondsBetween(trial.started_at, trial.ended_at, this.now)), timeNote(trial))}
        ${figure('Model weights', format.weights(trial.model_weights))}
      </dl>
      <h2 class="small">Parameters</h2>
      <dl class="parameters">${Object.entries(trial.parameters).map(([name, value]) => html`<div><dt>${name.replaceAll('_', ' ')}</dt><dd><bdi>${format.parameter(value)}</bdi></dd></div>`)}</dl>
    </header>`;
  }

  #curves(data) {
    const { epochs, trial } = data;
    if (epochs.length === 0) {
      return html`<section class="card"><h2>Curves</h2><p class="quiet nothing">${trial.state === 'waiting' ? 'This trial has not begun.' : 'No epoch has ended.'}</p></section>`;
    }
    const tuned = phaseStart(epochs);
    const note = `kept epoch ${trial.kept_epoch || 'none'}${tuned ? `, fine-tuning from epoch ${tuned}` : ''}`;
    return html`<div class="pair-of-cards">
      <section class="card" aria-labelledby="loss"><h2 id="loss">Loss</h2>
        <graft-chart class="medium" .option=${this.#lossChart} name="loss-${trial.id}" label="Training and validation loss by epoch; ${note}"></graft-chart></section>
      <section class="card" aria-labelledby="shares"><h2 id="shares">Accuracy and macro F1</h2>
        <graft-chart class="medium" .option=${this.#shareChart} name="accuracy-${trial.id}" label="Validation accuracy and macro F1 by epoch; ${note}"></graft-chart></section>
    </div>`;
  }

  #evaluation({ trial, evaluation }) {
    const { label = '', predicted = '', order = '', image = '', cells = '', classes = '' } = this.query;
    return html`
      <div class="pair-of-cards uneven">
        <section class="card" aria-labelledby="matrix"><h2 id="matrix">Confusion matrix</h2>
          <graft-confusion .trial=${trial.id} .evaluation=${evaluation} .asRates=${cells === 'rates'} .label=${label} .predicted=${predicted}
            @cells=${({ detail }) => router.choose(detail)} @choose-images=${({ detail }) => this.#show(detail)}></graft-confusion></section>
        <section class="card by-class" aria-labelledby="classes"><h2 id="classes">By class</h2>
          ${guard([evaluation, classes, label, predicted], () => classTable(evaluation, {
            sort: classes,
            label: predicted ? '' : label,
            onSort: (key) => router.choose({ classes: key }),
            onChoose: (name) => this.#show({ label: name, predicted: '' }),
          }))}</section>
      </div>
      <section class="card" id="gallery" aria-labelledby="images"><graft-gallery .trial=${trial.id} .label=${label} .predicted=${predicted} .order=${order} .image=${image} .version=${trial.state}></graft-gallery></section>`;
  }

  /** What is chosen, and, where it could not be seen, the place where it is shown. */
  #show(choice) {
    router.choose({ image: '', ...choice });
    const gallery = this.querySelector('#gallery');
    const { top } = gallery.getBoundingClientRect();
    if (top > innerHeight - 160) gallery.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }
}

function timeNote({ attempts, timings: seconds }) {
  const shared = sharedSeconds(seconds);
  return [attempts > 1 ? `attempt ${attempts}` : '', shared > 0 ? `and ${format.duration(shared)} for its features` : ''].filter(Boolean).join(', ');
}

customElements.define('graft-trial', TrialPage);
