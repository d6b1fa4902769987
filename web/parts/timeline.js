import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import * as format from '../model/format.js';
import { lanes } from '../model/lanes.js';
import { trialPath } from '../model/route.js';
import { timelineHeight, timelineOption } from '../charts/timeline.js';
import '../charts/chart.js';
import { router } from '../router.js';
import { look } from './look.js';
import { TrialCard } from './trial-card.js';

/** Which worker ran what, when, and what had to be tried again. */
class Timeline extends TrialCard {
  #drawn = { data: null, option: null, height: 0 };
  #box = createRef();

  address() {
    return `${this.api}/timeline`;
  }

  render() {
    const data = this.resource.data;
    return this.card('timeline', 'Timeline of workers', html`${this.trouble()}${data ? this.#chart(data) : nothing}`);
  }

  #chart(data) {
    const again = data.attempts.filter((each) => each.attempt > 1).length;
    const bad = data.attempts.filter((each) => each.state === 'failed' || each.state === 'crashed').length;
    const notes = [
      format.plural(data.total, 'attempt'),
      again ? `${format.count(again)} of them further tries` : '',
      bad ? `${format.count(bad)} ended badly` : '',
      data.taken_over ? `${format.plural(data.taken_over, 'trial')} took over results recorded before` : '',
      data.attempts.length < data.total ? `the latest ${format.count(data.attempts.length)} are drawn` : '',
    ].filter(Boolean);
    if (data.attempts.length === 0) {
      return html`<p class="quiet nothing">${data.taken_over ? 'Every trial took over a result recorded before: nothing ran.' : 'Nothing has run yet.'}</p>`;
    }
    if (this.#drawn.data !== data) {
      const rows = lanes(data.attempts, Date.now());
      this.#drawn = { data, option: timelineOption(rows), height: timelineHeight(rows) };
    }
    return html`<p class="aside">${notes.join(' · ')}. Bars beside each other trained together; pale ones had their features from the cache; outlined ones were tried again.</p>
      <div class="timeline" ${look({ '--height': `${this.#drawn.height}px` })}><graft-chart .option=${this.#drawn.option} name="timeline-${this.sweep.id}"
        label="Attempts by worker over time: ${notes.join(', ')}" ${ref(this.#box)} @chart-open=${this.#listen}></graft-chart></div>
      ${bad ? this.#bad(data.attempts.filter((each) => each.state === 'failed' || each.state === 'crashed')) : nothing}`;
  }

  #bad(attempts) {
    return html`<details><summary>${format.plural(attempts.length, 'attempt')} that ended badly</summary>
      <ul class="front">${attempts.slice(0, 50).map((each) => html`<li><a href=${trialPath(each.trial)}>Trial ${each.number}</a>${each.attempt > 1 ? `, attempt ${each.attempt}` : ''}: ${each.reason || each.state}</li>`)}</ul></details>`;
  }

  #listen() {
    this.#box.value.chart.on('click', ({ data }) => {
      if (data?.attempt) router.go(trialPath(data.attempt.trial));
    });
  }
}

customElements.define('graft-timeline', Timeline);
