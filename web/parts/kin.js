import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { trialPath } from '../model/route.js';

/** What a trial shared with whom: the features it trained on, and its result. */
export function kin({ trial, sweep, kin: { sharing, sharing_count: count, taken_by: takenBy, taken_by_count: takers }, feature_group: group }) {
  return html`
    ${trial.same_as ? html`<p>It was not trained: its result was taken over from <a href=${trialPath(trial.same_as)}>trial ${number(trial.same_as, sweep.id)}</a>, which has the same parameters, seed, images and weights.</p>` : nothing}
    ${takers > 0 ? html`<p>${format.plural(takers, 'other trial')} took over its result: ${links(takenBy, takers, null)}</p>` : nothing}
    ${!trial.feature_group
      ? trial.same_as || takers > 0 ? nothing : html`<p class="quiet nothing">Nothing yet: its features are not known before it begins.</p>`
      : html`<p>${group ? html`It trained on what ${group.cut ? html`<code>${group.base}</code> gives at <q>${group.cut}</q>` : html`<code>${group.base}</code> gives`} at ${group.image_size} px, ` : 'It trained on features that were '}
          ${trial.cache.hit ? 'there already when the sweep began' : 'computed in this sweep'}${count > 0 ? html`, as did ${format.plural(count, 'other trial')}, the best first:` : ', and alone of all.'}</p>
        ${count > 0 ? html`<p class="kin">${links(sharing, count, sweep.metric)}</p>` : nothing}`}`;
}

function links(list, count, metric) {
  return html`${list.map((each) => html`<a href=${trialPath(each.id)} class="relative" data-state=${each.state} title="Trial ${each.number}, ${each.state}"><span>${each.number}</span>${metric && each.value !== null ? html`<small>${format.metric(metric, each.value)}</small>` : nothing}</a> `)}
    ${count > list.length ? html`<span class="quiet">and ${format.count(count - list.length)} more</span>` : nothing}`;
}

/** Its number alone within the sweep, the whole id of one elsewhere. */
function number(id, sweepId) {
  return id.startsWith(`${sweepId}-`) ? id.slice(sweepId.length + 1) : id;
}
