import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as format from '../model/format.js';
import { progress } from '../model/progress.js';
import { sweepPath } from '../model/route.js';
import { chip, of, progressBar } from '../parts/marks.js';
import '../parts/command.js';
import { Resource } from '../resource.js';
import { Page } from './view.js';

/** All sweeps, the newest first. */
class Sweeps extends Page {
  #sweeps = new Resource(this);

  connectedCallback() {
    super.connectedCallback();
    this.#sweeps.show('/api/v1/sweeps');
    this.setTitle('Sweeps');
  }

  render() {
    const sweeps = this.#sweeps.data;
    if (!sweeps) return this.waiting(this.#sweeps, 'sweeps');
    if (sweeps.length === 0) return empty;
    const running = sweeps.filter((sweep) => sweep.state === 'running').length;
    return html`
      <div class="head"><h1 tabindex="-1">Sweeps</h1>
        <p class="quiet">${format.plural(sweeps.length, 'sweep')}${running ? html`, ${running} running` : nothing}</p></div>
      ${this.stale(this.#sweeps)}
      <div class="card flush">
        <table class="stacking">
          <caption class="hidden">Sweeps, the newest first</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Trials</th><th scope="col" class="number">Best</th>
            <th scope="col">Started</th><th scope="col" class="number">Duration</th></tr></thead>
          <tbody>${repeat(sweeps, (sweep) => sweep.id, (sweep) => this.#row(sweep))}</tbody>
        </table>
      </div>`;
  }

  #row(sweep) {
    const { total, done } = progress(sweep.counts);
    const failed = (sweep.counts.failed ?? 0) + (sweep.counts.crashed ?? 0);
    return html`<tr>
      <th scope="row"><a class="title" href=${sweepPath(sweep.id)}><bdi>${sweep.name}</bdi></a><small>${sweep.id} · ${sweep.method}</small></th>
      <td data-label="State">${chip(sweep.state, sweep.reason)}</td>
      <td data-label="Trials" class="wide">${progressBar(sweep.counts)}<span class="under">${of(done, total)}${failed ? html`<span class="bad">, ${failed} failed</span>` : nothing}</span></td>
      <td data-label="Best" class="number"><strong>${format.metric(sweep.metric, sweep.best_value)}</strong><small>${format.metricName(sweep.metric)}</small></td>
      <td data-label="Started"><time datetime=${sweep.created_at} title=${format.dateTime(sweep.created_at)}>${format.ago(sweep.created_at, this.now)}</time></td>
      <td data-label="Duration" class="number">${format.duration(format.secondsBetween(sweep.created_at, sweep.ended_at, this.now))}</td>
    </tr>`;
  }
}

const empty = html`<section class="empty planted">
  <svg viewBox="0 0 120 96" width="150" height="120" aria-hidden="true">
    <path class="ground" d="M14 84h92"></path>
    <path class="stem" d="M60 84V44"></path>
    <path class="leaf" d="M60 52c0-16 10-27 30-27 0 20-11 27-30 27z"></path>
    <path class="leaf bud" d="M60 66c0-13-9-21-26-21 0 16 10 21 26 21z"></path>
  </svg>
  <h1 tabindex="-1">No sweeps yet</h1>
  <p>A sweep trains every combination your file names and keeps the record. It appears here as soon as it starts.</p>
  <dl class="commands">
    <dt>See one at work, without any data of your own</dt><dd><graft-command text="graft demo"></graft-command></dd>
    <dt>Run your own file</dt><dd><graft-command text="graft run sweeps/quickstart.yaml"></graft-command></dd>
  </dl>
</section>`;

customElements.define('graft-sweeps', Sweeps);
