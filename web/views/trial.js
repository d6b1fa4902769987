import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import * as format from '../model/format.js';
import { phaseStart } from '../model/series.js';
import { sweepPath, trialPath } from '../model/route.js';
import { trialCurves } from '../charts/trial-curves.js';
import '../charts/chart.js';
import '../parts/command.js';
import '../parts/confusion.js';
import { chip, figure } from '../parts/marks.js';
import { classTable, mistakes } from '../parts/evaluation.js';
import { facts, sharedSeconds, timings } from '../parts/facts.js';
import { Resource } from '../resource.js';
import { Page } from './view.js';

/** One trial: what it was, how it learned, what it gets wrong, and where it came from. */
class TrialPage extends Page {
  static properties = { trial: {} };
  #resource = new Resource(this);
  #lossChart = null;
  #shareChart = null;

  willUpdate(changed) {
    super.willUpdate(changed);
    this.#resource.show(`/api/v1/trials/${encodeURIComponent(this.trial)}`);
    const data = this.#resource.data;
    if (!data) return;
    this.setTitle(`Trial ${data.trial.number}`, data.sweep.name);
    if (this.drawnFrom !== data) {
      this.drawnFrom = data;
      const kept = data.trial.kept_epoch;
      this.#lossChart = trialCurves(data.epochs, [{ metric: 'val_loss' }, { metric: 'loss', dashed: true }], kept);
      this.#shareChart = trialCurves(data.epochs, [{ metric: 'val_accuracy' }, { metric: 'val_macro_f1', dashed: true }], kept);
    }
  }

  render() {
    const data = this.#resource.data;
    if (!data) return this.waiting(this.#resource, 'trial');
    const { sweep, trial } = data;
    return html`
      <nav class="crumbs" aria-label="Where you are"><a href="/">Sweeps</a><span aria-hidden="true">›</span><a href=${sweepPath(sweep.id)}><bdi>${sweep.name}</bdi></a>
        <span class="steps">${this.#step(data.previous, '← Previous')}${this.#step(data.next, 'Next →')}</span></nav>
      ${this.#header(data)}
      ${this.stale(this.#resource)}
      ${this.#curves(data)}
      ${data.evaluation ? this.#evaluation(data.evaluation) : nothing}
      <div class="pair-of-cards">
        <section class="card" aria-labelledby="time"><h2 id="time">Where the time went</h2>${timings(trial.timings)}</section>
        <section class="card" aria-labelledby="origin"><h2 id="origin">Origin</h2>${facts(data)}</section>
      </div>
      ${this.#attempts(data.attempts)}
      ${trial.state === 'finished' ? this.#export(trial) : nothing}`;
  }

  /** Only where one attempt did not do, or left something to say. */
  #attempts(attempts) {
    if (!attempts.some(attempt => attempts.length > 1 || attempt.log)) return nothing;
    return html`<section class="card" aria-labelledby="attempts"><h2 id="attempts">Attempts</h2>
      <ol class="attempts">${attempts.map(attempt => html`<li>
        <span class="chip" data-state=${attempt.state}>${attempt.state}</span> ${attempt.reason}
        <span class="quiet">${[attempt.worker, format.dateTime(attempt.started_at)].filter(Boolean).join(', ')}</span>
        ${attempt.log ? html`<details><summary>End of the worker’s log</summary><pre tabindex="0">${attempt.log}</pre></details>` : nothing}</li>`)}</ol></section>`;
  }

  #step(id, text) {
    return id ? html`<a href=${trialPath(id)}>${text}</a>` : html`<span class="quiet" aria-hidden="true">${text}</span>`;
  }

  #header({ sweep, trial, evaluation }) {
    const metrics = trial.best?.metrics ?? {};
    const best = sweep.best_trial === trial.id;
    return html`<header class="card hero">
      <div class="head"><h1 tabindex="-1">Trial ${trial.number}</h1>${chip(trial.state)}
        ${best ? html`<span class="chip" data-state="best">best of ${format.count(sweep.trials)}</span>` : trial.rank ? html`<span class="quiet">rank ${trial.rank} of ${format.count(sweep.trials)}</span>` : nothing}</div>
      ${trial.reason ? html`<p class="reason" ?data-bad=${trial.state === 'failed' || trial.state === 'crashed'}>${trial.reason}</p>` : nothing}
      <dl class="figures">
        ${figure('Accuracy', format.metric('val_accuracy', metrics.val_accuracy), evaluation ? html`${format.count(evaluation.correct)} of ${format.plural(evaluation.images, 'image')}, 95 % interval ${format.interval(evaluation.interval)}` : '', true)}
        ${figure('Macro F1', format.metric('val_macro_f1', metrics.val_macro_f1))}
        ${figure('Val loss', format.metric('val_loss', metrics.val_loss))}
        ${figure('Kept epoch', trial.kept_epoch > 0 ? html`${trial.kept_epoch}<span class="quiet"> / ${trial.epochs}</span>` : format.MISSING)}
        ${figure('Training time', format.duration(trial.seconds ?? format.secondsBetween(trial.started_at, trial.ended_at, this.now)), timeNote(trial))}
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
        <graft-chart class="medium" .option=${this.#lossChart} label="Training and validation loss by epoch; ${note}"></graft-chart></section>
      <section class="card" aria-labelledby="shares"><h2 id="shares">Accuracy and macro F1</h2>
        <graft-chart class="medium" .option=${this.#shareChart} label="Validation accuracy and macro F1 by epoch; ${note}"></graft-chart></section>
    </div>`;
  }

  #evaluation(evaluation) {
    return html`${guard([evaluation], () => html`
      <div class="pair-of-cards uneven">
        <section class="card" aria-labelledby="matrix"><h2 id="matrix">Confusion matrix</h2>
          <graft-confusion .evaluation=${evaluation}></graft-confusion></section>
        <section class="card" aria-labelledby="classes"><h2 id="classes">By class</h2>${classTable(evaluation)}</section>
      </div>
      <section class="card" aria-labelledby="mistakes"><h2 id="mistakes">Most confident mistakes</h2>${mistakes(evaluation)}</section>`)}`;
  }

  #export(trial) {
    return html`<section class="card" aria-labelledby="export"><h2 id="export">Take it with you</h2>
      <p>Writes the model as ONNX and Deeplearning4j files, with its labels, preprocessing and a model card.</p>
      <graft-command text="graft export ${trial.id} --to models/${trial.id}"></graft-command></section>`;
  }
}

function timeNote({ attempts, timings: seconds }) {
  const shared = sharedSeconds(seconds);
  return [attempts > 1 ? `attempt ${attempts}` : '', shared > 0 ? `and ${format.duration(shared)} for its features` : ''].filter(Boolean).join(', ');
}

customElements.define('graft-trial', TrialPage);
