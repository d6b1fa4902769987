import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { address, filterValue, quoted, readNumbers, selection } from '../model/selection.js';
import { columnsOf, shownColumns, steady, toggledColumns, words } from '../model/table.js';
import { router } from '../router.js';
import { send } from './send.js';
import { choice, TrialCard } from './trial-card.js';
import './trial-table.js';

const PAGE = 50;

/** The sweep's trials by pages, or groups of them; what is chosen is in the address. */
class Trials extends TrialCard {
  static properties = { best: {}, hover: {}, problem: { state: true }, held: { state: true } };
  #shown = { key: '', data: null, rows: [] };
  /** @type {?{id: string, mark: string}} the mark that was set last */
  #marked = null;

  constructor() {
    super();
    this.problem = '';
    this.held = false;
  }

  /** Gives the keyboard back its place: a row that was marked has moved, or gone. */
  updated() {
    if (!this.#marked || document.activeElement !== document.body) return;
    const { id, mark } = this.#marked;
    this.#marked = null;
    (this.querySelector(`tr[data-trial="${CSS.escape(id)}"] [data-mark="${mark}"]`) ?? this.querySelector('graft-trial-table .scroller'))?.focus({ preventScroll: true });
  }

  address() {
    const { sort = 'rank', order = '', page = '1', group = '' } = this.query;
    const chosen = selection(this.query);
    if (group) return address(`${this.api}/groups`, { by: group, ...chosen });
    const column = columnsOf(this.sweep).find((each) => each.key === sort);
    return address(`${this.api}/trials`, {
      sort: column ? sort : 'rank',
      order: order || column?.first || 'asc',
      limit: PAGE,
      cursor: (Math.max(1, Number.parseInt(page, 10) || 1) - 1) * PAGE,
      ...chosen,
    });
  }

  render() {
    const { group = '' } = this.query;
    const varying = this.sweep.parameters.filter((each) => each.varying).map((each) => each.name);
    const tools = html`<div class="choices">
      ${varying.length > 0 ? choice('Group by', [['', 'nothing'], ...groupings(varying, group)], group, (value) => router.choose({ group: value, page: '' })) : nothing}
      ${group ? nothing : this.#columnChoice()}
      ${this.#downloads()}
    </div>`;
    const data = this.resource.data;
    const grouped = Array.isArray(data?.groups);
    return this.card('trials', group ? 'Groups of trials' : 'Trials', html`
      ${this.trouble()}
      ${!data ? nothing : grouped ? this.#groups(data) : this.#trials(data)}`, tools);
  }

  #columnChoice() {
    const columns = columnsOf(this.sweep);
    const shown = new Set(shownColumns(columns, this.sweep, this.query.columns).map((each) => each.key));
    return html`<details class="menu" @focusout=${closeWhenLeft} @keydown=${closeOnEscape}><summary>Columns</summary>
      <div class="menu-box" tabindex="-1" role="group" aria-label="Columns that are shown">${columns.filter((each) => each.key !== 'number').map((each) => html`<label>
        <input type="checkbox" .checked=${shown.has(each.key)} @change=${() => router.choose({ columns: toggledColumns(columns, this.sweep, this.query.columns, each.key) })}>
        <bdi>${each.label}</bdi></label>`)}</div></details>`;
  }

  #downloads() {
    const file = (extension) => address(`${this.api}/trials.${extension}`, selection(this.query));
    return html`<details class="menu" @focusout=${closeWhenLeft} @keydown=${closeOnEscape}><summary>Download</summary>
      <div class="menu-box" tabindex="-1" role="group" aria-label="Download these trials"><a href=${file('csv')} download>CSV</a><a href=${file('json')} download>JSON</a></div></details>`;
  }

  #trials(data) {
    if (!data.trials) return nothing;
    const { page } = data;
    if (page.matching === 0) {
      return html`<p class="quiet nothing">No trial matches.
        ${page.hidden ? html`${format.plural(page.hidden, 'trial')} that would ${page.hidden === 1 ? 'is' : 'are'} hidden.` : nothing}
        <button type="button" class="plain" @click=${() => router.choose({ filter: '', state: '', brush: '', hidden: page.hidden ? 'true' : '', page: '' })}>Show all</button></p>`;
    }
    if (data.trials.length === 0) {
      return html`<p class="quiet nothing">Nothing is left on this page. <button type="button" class="plain" @click=${() => router.choose({ page: '' })}>First page</button></p>`;
    }
    const { sort = 'rank', order = '', columns = '' } = this.query;
    const { rows, moved } = this.#rows(data);
    return html`
      ${this.problem ? html`<p class="notice" role="alert">${this.problem}</p>` : nothing}
      <graft-trial-table .trials=${rows} .columns=${shownColumns(columnsOf(this.sweep), this.sweep, columns)} .sort=${sort} .order=${order}
        .best=${this.best ?? ''} .metric=${this.sweep.metric} .hover=${this.hover ?? ''} .selected=${readNumbers(this.query.compare)}
        @mouseenter=${this.#hold} @mouseleave=${this.#release} @focusin=${this.#hold} @focusout=${this.#release}
        @select-trial=${this.#select} @mark-trial=${this.#mark}></graft-trial-table>
      <div class="pager">
        <span class="quiet" role="status">${format.count(page.from + 1)}–${format.count(page.from + data.trials.length)} of ${format.count(page.matching)}${page.matching < page.total - page.hidden ? html` matching, ${format.count(page.total)} in all` : nothing}${page.hidden ? html` · ${format.count(page.hidden)} hidden <button type="button" class="plain" @click=${() => router.choose({ hidden: 'true' })}>show</button>` : nothing}${this.query.hidden ? html` · <button type="button" class="plain" @click=${() => router.choose({ hidden: '' })}>leave hidden ones out</button>` : nothing}</span>
        ${moved ? html`<button type="button" class="pick" @click=${() => this.#settle()}>The order has changed · show it</button>` : nothing}
        ${page.matching > PAGE ? this.#pages(page) : nothing}
      </div>
      ${this.#constants()}`;
  }

  /** Rows that do not move while the pointer or the focus is among them. */
  #rows(data) {
    const key = this.resource.loading ? this.#shown.key : this.address();
    if (key !== this.#shown.key || !this.held) {
      this.#shown = { key, data, rows: data.trials };
      return { rows: data.trials, moved: false };
    }
    const { rows, moved } = steady(this.#shown.rows, data.trials);
    this.#shown = { key, data, rows };
    return { rows, moved };
  }

  #settle() {
    this.#shown = { key: '', data: null, rows: [] };
    this.requestUpdate();
  }

  #hold = () => {
    this.held = true;
  };

  #release = (event) => {
    const table = event.currentTarget;
    const left = event.type === 'focusout' ? !table.matches(':hover') && !table.contains(event.relatedTarget) : !table.contains(document.activeElement);
    if (left) this.held = false;
  };

  #pages({ from, matching, next }) {
    const page = Math.floor(from / PAGE) + 1;
    const last = Math.ceil(matching / PAGE);
    const to = (number) => router.choose({ page: number === 1 ? '' : String(number) });
    return html`<nav class="pages" aria-label="Pages of trials">
      <button type="button" ?disabled=${page === 1} @click=${() => to(1)} aria-label="First page">«</button>
      <button type="button" ?disabled=${page === 1} @click=${() => to(page - 1)}>Previous</button>
      <span>Page ${format.count(page)} of ${format.count(last)}</span>
      <button type="button" ?disabled=${!next} @click=${() => to(page + 1)}>Next</button>
      <button type="button" ?disabled=${!next} @click=${() => to(last)} aria-label="Last page">»</button></nav>`;
  }

  #groups(data) {
    const { metric, by, groups } = data;
    const pick = (group) => by.filter((name) => group.values[name] !== null).map((name) => `${quoted(name)} = ${filterValue(group.values[name])}`).join(' and ');
    const written = this.query.filter?.trim();
    const open = (group) => [written && `(${written})`, pick(group)].filter(Boolean).join(' and ');
    const value = (number) => format.metric(metric, number);
    const repeated = groups.some((group) => group.repeats !== null);
    return html`<p class="aside">Finished trials, taken together: mean ± standard deviation of ${format.metricName(metric).toLowerCase()}${repeated ? '. Between repeats: how much trials differ that differ in their seed alone' : ''}.</p>
      <div class="scroller tall" tabindex="0" role="region" aria-label="Table of groups"><table>
        <caption class="hidden">Groups of trials, the best mean first</caption>
        <thead><tr>${by.map((name) => html`<th scope="col">${words(name)}</th>`)}<th scope="col" class="number">Trials</th><th scope="col" class="number">Mean</th>
          <th scope="col" class="number">Worst</th><th scope="col" class="number">Best</th>${repeated ? html`<th scope="col" class="number">Between repeats</th>` : nothing}</tr></thead>
        <tbody>${groups.map((group) => html`<tr>${by.map((name, index) => (index === 0
          ? html`<th scope="row"><button type="button" class="plain" @click=${() => router.choose({ group: '', filter: open(group), page: '' })}><bdi>${format.parameter(group.values[name])}</bdi></button></th>`
          : html`<td><bdi>${format.parameter(group.values[name])}</bdi></td>`))}
          <td class="number">${group.count === group.trials ? format.count(group.trials) : `${format.count(group.count)} of ${format.count(group.trials)}`}</td>
          <td class="number" data-metric>${value(group.mean)}${group.deviation === null ? nothing : html` <span class="quiet">± ${value(group.deviation)}</span>`}</td>
          <td class="number">${value(this.sweep.goal === 'maximize' ? group.min : group.max)}</td><td class="number">${value(this.sweep.goal === 'maximize' ? group.max : group.min)}</td>
          ${repeated ? html`<td class="number">${group.repeats === null ? format.MISSING : `± ${value(group.repeats)}`}</td>` : nothing}</tr>`)}</tbody>
      </table></div>`;
  }

  #constants() {
    const constant = this.sweep.parameters.filter((each) => !each.varying);
    return constant.length === 0 || this.sweep.total < 2
      ? nothing
      : html`<p class="aside">The same in all trials: ${constant.map(({ name, values }, index) => html`${index ? ', ' : ''}<span class="pair">${words(name)} <b><bdi>${format.parameter(values[0])}</bdi></b></span>`)}.</p>`;
  }

  #select = ({ detail: number }) => {
    const chosen = readNumbers(this.query.compare);
    const next = chosen.includes(number) ? chosen.filter((each) => each !== number) : [...chosen, number];
    router.choose({ compare: next.join(',') });
  };

  #mark = async ({ detail: { id, ...mark } }) => {
    this.problem = '';
    // Whoever marks a row wants it to go where it belongs.
    this.held = false;
    try {
      await send('PATCH', `/api/v1/trials/${encodeURIComponent(id)}`, mark);
      this.#marked = { id, mark: Object.keys(mark)[0] };
    } catch (problem) {
      this.problem = problem.message;
    }
  };
}

/** Each parameter that varies, all but the seed's repeats together, and what the address names beside these. */
function groupings(varying, chosen) {
  const every = varying.join(',');
  const options = varying.map((name) => [name, words(name)]);
  if (varying.length > 1 && varying.length <= 4) options.push([every, 'all of these']);
  if (chosen && !options.some(([value]) => value === chosen)) options.push([chosen, chosen.split(',').map(words).join(', ')]);
  return options;
}

export function closeWhenLeft(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
}

export function closeOnEscape(event) {
  if (event.key !== 'Escape') return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector('summary').focus();
}

customElements.define('graft-trials', Trials);
