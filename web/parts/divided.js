import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as format from '../model/format.js';
import { shortName, shown, witness } from '../model/compare.js';
import { trialPath } from '../model/route.js';
import { router } from '../router.js';
import { View } from '../views/view.js';
import { mark } from './compare-marks.js';

const PAGE = 12;

/** Images that trials take for different things, and who takes them for what. `show` is in the address. */
class Divided extends View {
  static properties = { comparison: { attribute: false }, show: {}, count: { state: true }, reason: { state: true } };

  #asked = '';

  constructor() {
    super();
    this.count = PAGE;
    /** Why there are no images to show; null before that is known. */
    this.reason = null;
    this.show = '';
  }

  willUpdate(changed) {
    if (changed.has('show')) this.count = PAGE;
    const { trials, disagreements, reference } = this.comparison;
    const at = trials.findIndex((trial) => trial.id === reference);
    const first = disagreements[0] ? trials[witness(disagreements[0].votes, at)].id : '';
    if (first && first !== this.#asked) {
      this.#asked = first;
      this.#ask(first);
    }
  }

  /** One question tells whether the images are still where the sweep found them: not one for each of them. */
  async #ask(trial) {
    try {
      const answer = await fetch(`/api/v1/trials/${encodeURIComponent(trial)}/images?sort=position&limit=1`, { headers: { Accept: 'application/json' } });
      const body = await answer.json();
      this.reason = answer.ok ? (body.reason ?? '') : (body.error ?? 'they could not be asked for');
    } catch {
      this.reason = 'the server cannot be reached';
    }
  }

  render() {
    const { trials, disagreements, disagree, images, reference } = this.comparison;
    const at = trials.findIndex((trial) => trial.id === reference);
    const list = shown(disagreements, this.show, at);
    const pick = (show, text) => html`<button type="button" class="pick" aria-pressed=${this.show === show} @click=${() => router.choose({ show })}>${text}</button>`;
    if (images === 0) return html`<p class="quiet nothing">${this.comparison.images_sentence}</p>`;
    if (disagree === 0) return html`<p class="quiet nothing">There are none: all take each of the ${format.plural(images, 'image')} for the same.</p>`;
    const name = shortName(trials[at], trials);
    return html`
      <div class="choices"><div class="picks" role="group" aria-label="Which images">${pick('', 'All')}${pick('right', html`<bdi>${name}</bdi> is right`)}${pick('wrong', html`<bdi>${name}</bdi> is wrong`)}</div>
        <span class="quiet matches" role="status">${format.count(disagree)} of ${format.plural(images, 'image')}${disagreements.length < disagree ? `; the ${format.count(disagreements.length)} that divide them most` : ''}${this.show ? `; ${format.count(list.length)} here` : ''}</span></div>
      ${this.reason ? html`<p class="aside">The images themselves cannot be shown: ${this.reason}.</p>` : nothing}
      ${list.length === 0 ? html`<p class="quiet nothing">There are none.</p>` : nothing}
      <ul class="divided">${repeat(list.slice(0, this.count), (each) => `${each.label}/${each.image}`, (each) => this.#image(each, at))}</ul>
      ${list.length > this.count ? html`<p class="further"><button type="button" class="pick" @click=${() => (this.count += PAGE)}>Show ${Math.min(PAGE, list.length - this.count)} more</button></p>` : nothing}`;
  }

  #image(each, at) {
    const { trials } = this.comparison;
    const place = witness(each.votes, at);
    const { id } = trials[place];
    const { position } = each.votes[place];
    const file = each.image.split('/').pop();
    return html`<li>
      <a class="thumbnail" href="${trialPath(id)}?image=${position}" aria-label="${each.image} on the page of ${shortName(trials[place], trials)}" title=${each.image}>
        ${this.reason === ''
          ? html`<img src="/api/v1/trials/${encodeURIComponent(id)}/images/${position}?size=160" alt="" width="160" height="160" loading="lazy" decoding="async" @error=${gone}>`
          : nothing}<span class="placeholder"><bdi>${file}</bdi></span></a>
      <div class="opinions"><p>is <strong><bdi>${each.label}</bdi></strong></p>
        <ul>${each.votes.map((vote, index) => (vote ? this.#vote(vote, index, each.label) : nothing))}</ul></div></li>`;
  }

  #vote(vote, index, label) {
    const { trials } = this.comparison;
    const right = vote.predicted === label;
    return html`<li ?data-wrong=${!right}>${mark(index)}<span class="hidden">${shortName(trials[index], trials)}: </span><bdi>${vote.predicted}</bdi>
      <span class="quiet">${format.percent(vote.confidence, 0)}</span><span class="sign" aria-hidden="true">${right ? '✓' : '✕'}</span><span class="hidden">${right ? ', right' : ', wrong'}</span></li>`;
  }
}

/** What stands behind it says which image is missing. */
function gone(event) {
  event.target.hidden = true;
}

customElements.define('graft-divided', Divided);
