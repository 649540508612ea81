// @ts-check
// <donate-widget>: a donation form for any page, in two lines of HTML.
//
//	<script type="module" src="https://HOST/donate.js"></script>
//	<donate-widget key="pk_live_…" nonprofit="american-red-cross">
//		<a href="…">Donate</a>
//	</donate-widget>
//
// doc/widget.md tells a page's author what there is: attributes, events,
// methods, parts, and the way without scripts.  This file is the element and
// the order of its steps.  etc/donate.sh joins it with the files beside it into
// htdocs/donate.js, which is what pages load; words and what follows a payment
// come when they are needed.

import { Client, Refusal } from './client.js';
import { alarm, button, fill, h, panel } from './dom.js';
import { Form, fresh } from './form.js';
import { HERE, part } from './here.js';
import { claim, forget, here, leave } from './memory.js';
import { ATTRIBUTES, load, readGift, reflect } from './options.js';
import { sheet } from './style.js';
import { OneClick, dress, frame } from './view.js';
import { direction, language, sentence, words } from './words.js';

/** The API of the site that this script came from. */
const API = new URL('v1/partner', HERE).href;

/** A page that is still here so long after it was left is not leaving. */
const LEAVING_MS = 15000;

/** What of the choice an attribute begins. */
const BEGINS = { amount: 'amount', amounts: 'amount', currency: 'amount',
	frequency: 'frequency', frequencies: 'frequency', tip: 'tip' };

class DonateWidget extends HTMLElement {
	static observedAttributes = ATTRIBUTES;

	#choice = fresh();
	#client = new Client(API, '');
	/** Counts its starts: what an earlier one waited for is unwanted. */
	#run = 0;
	#queued = false;
	#busy = false;
	#lang = 'en';
	/** @type {any} */
	#words = null;
	/** @type {any} */
	#options = null;
	/** @type {any} Form or OneClick */
	#form = null;
	/** @type {any} of frame() */
	#frame = null;
	/** @type {{id: string, back: boolean} | null} */
	#awaited = null;

	connectedCallback() {
		if (!this.shadowRoot)
			dress(this.attachShadow({ mode: 'open' }), sheet);
		window.addEventListener('pageshow', this.#shown);
		this.#choice.anonymous ||= this.hasAttribute('anonymous');
		this.#awaited = claim(this);
		this.#start();
	}

	disconnectedCallback() {
		this.#run++;
		window.removeEventListener('pageshow', this.#shown);
	}

	attributeChangedCallback(name, before, now) {
		if (before === now || !this.isConnected || !this.shadowRoot)
			return;
		if (name in BEGINS)
			this.#choice[BEGINS[name]] = null;
		if (this.#queued || name === 'theme')
			return;
		this.#queued = true;
		queueMicrotask(() => {
			this.#queued = false;
			if (this.isConnected)
				this.#start();
		});
	}

	/* What a page may call --------------------------------------------- */

	/** Show the form; the dialog in mode modal. */
	open() {
		const { dialog, body } = this.#frame ?? {};
		if (dialog && !dialog.open)
			dialog.showModal();
		else if (!dialog)
			body?.querySelector('input, button')?.focus();
	}

	close() {
		this.#frame?.dialog?.close();
	}

	/** As if nobody had chosen anything. */
	reset() {
		this.#forget();
		this.#choice = fresh();
		this.#choice.anonymous = this.hasAttribute('anonymous');
		this.#busy = false;
		if (this.#options) {
			this.#run++;
			this.#showForm();
		}
	}

	/** Ask the API again what it knows of partner and appeal. */
	refresh() {
		this.#client.forget();
		return this.#start();
	}

	/* Steps ------------------------------------------------------------ */

	/** @returns {boolean} false if a listener has prevented it */
	#emit(name, detail, cancelable = false) {
		return this.dispatchEvent(new CustomEvent(`donate:${name}`,
		    { bubbles: true, composed: true, cancelable, detail }));
	}

	#fails(error) {
		const refusal = Refusal.of(error);
		const { code, message, requestId } = refusal;
		console.warn(`donate-widget: ${code}: ${message}`);
		this.#emit('error', { code, message, requestId });
		return refusal;
	}

	#say(text) {
		this.#frame.status.textContent = text;
	}

	/** Change what is shown; who was inside stays inside. */
	#show(...nodes) {
		const { body } = this.#frame;
		const inside = this.shadowRoot.activeElement;
		body.replaceChildren(...nodes.filter(Boolean));
		this.#say('');
		if (inside && !inside.isConnected)
			body.querySelector('[tabindex="-1"], input, button')
				?.focus();
	}

	async #start() {
		const run = ++this.#run;
		const base = this.getAttribute('api') || API;
		const key = this.getAttribute('key') ?? '';
		if (this.#client.base !== base || this.#client.key !== key)
			this.#client = new Client(base, key);

		this.#lang = language(this.closest('[lang]')
			?.getAttribute('lang'), ...navigator.languages);
		const found = await words(this.#lang).catch(() => null);
		if (run !== this.#run)
			return;
		if (!found) {
			/* Speechless: the page's own link is left. */
			this.shadowRoot.append(h('slot'));
			return;
		}
		this.#words = found;
		this.#build();
		try {
			const options = await load(this, this.#client,
			    this.#lang);
			if (run === this.#run)
				this.#ready(options);
		} catch (error) {
			if (run === this.#run)
				this.#cannot(error);
		}
	}

	#build() {
		const say = this.#words;
		const wasOpen = this.#frame?.dialog?.open;
		this.#busy = false;
		this.#frame?.node.remove();
		this.#frame = frame(this.getAttribute('mode'), {
			dir: direction(this.#lang), lang: this.#lang,
			close: say.close, label: say.donate,
			open: this.getAttribute('label') ?? say.donate,
		}, { open: () => this.open(), close: () => this.close() });
		this.shadowRoot.append(this.#frame.node);
		if (wasOpen)
			this.open();
		if (this.#awaited?.back)
			this.#ask();
		else
			this.#say(say.loading);
	}

	/** The form cannot be shown: why, and what can be done. */
	#cannot(error) {
		const refusal = this.#fails(error);
		const word = sentence(refusal);
		this.#show(alarm(this.#words[word]),
		word !== 'setUp' && button(this.#words.again,
		    () => this.refresh()),
		!this.#awaited?.back && this.#link(refusal));
	}

	/** A link to the form of the API's own site, for who cannot ask it. */
	#link({ code }, amount = this.#options?.amount) {
		const { base, key } = this.#client;
		const slug = this.getAttribute('nonprofit');
		return code === 'UNREACHABLE' && h('p', {}, h('a', { href:
			`${base}/donate/${encodeURIComponent(slug)}?` +
			new URLSearchParams({ key, ...(amount && { amount }) }),
		}, this.#words.byLink));
	}

	#ready(options) {
		this.#options = options;
		if (options.more)
			dress(this.shadowRoot, options.more.sheet);
		const label = fill(this.#words.title, { name: options.name });
		const { card, dialog } = this.#frame;
		(dialog ?? card).setAttribute('aria-label', label);
		if (!this.#awaited?.back)
			this.#showForm();
		this.#emit('ready', { nonprofit: options.nonprofit,
			currency: options.money.currency });
		if (this.#awaited?.back) {
			if (dialog)
				this.open();
			this.#wait(this.#awaited.id);
		} else if (this.#awaited)
			this.#look(this.#awaited.id);
	}

	#showForm() {
		const options = this.#options;
		const say = this.#words;
		const title = fill(say.title, { name: options.name });
		if (this.getAttribute('mode') === 'button') {
			const { amount, frequency, money, name } = options;
			this.#form = new OneClick(this.getAttribute('label') ??
			    fill(say.donateTo, { amount: money.show(amount),
				name }), { amount, frequency, extra: 0,
				anonymous: this.#choice.anonymous },
			() => this.#give());
			this.#show(this.#form.node);
			return;
		}
		this.#form = new Form(say, options, this.#choice, {
			change: (chosen) => this.#tell('change', chosen),
			submit: () => this.#give(),
			say: (text) => this.#say(text),
		});
		this.#show(h('slot', { name: 'header' }, h('h2',
			{ part: 'title', tabindex: -1 }, title)),
		options.more?.progress(options.appeal, say, this.#lang),
		this.#form.node);
	}

	/** A page is told what is given, and nothing of who gives. */
	#tell(name, { amount, frequency, extra }) {
		this.#emit(name, { amount, frequency, extra,
			currency: this.#options.money.currency });
	}

	/* Giving ----------------------------------------------------------- */

	#setBusy(busy) {
		this.#busy = busy;
		this.#form?.setBusy(busy);
		this.#say(busy ? this.#words.leaving : '');
	}

	async #give() {
		const run = this.#run;
		const given = this.#busy ? null : this.#form.read();
		if (!given)
			return;
		this.#setBusy(true);
		this.#tell('submit', given);
		try {
			const link = await this.#client.give(readGift(this,
			    this.#options, given, here()));
			if (run === this.#run)
				this.#leave(link);
		} catch (error) {
			if (run === this.#run)
				this.#refused(error, given);
		}
	}

	#leave({ donationLink: url, partnerDonationId }) {
		const run = this.#run;
		leave(this, partnerDonationId);
		this.#emit('link', { partnerDonationId });
		if (!this.#emit('redirect', { url, partnerDonationId }, true)) {
			this.#setBusy(false);
			return;
		}
		setTimeout(() => run === this.#run && this.#setBusy(false),
		    LEAVING_MS);
		location.assign(url);
	}

	#refused(error, given) {
		const refusal = this.#fails(error);
		this.#setBusy(false);
		const word = sentence(refusal);
		if (word === 'perkGone') {
			for (const perk of this.#options.appeal?.perks ?? [])
				if (perk.id === given.perk?.id)
					perk.remaining = 0;
			this.#choice.perk = 0;
			this.#showForm();
			refusal.errors.push({ pointer: '/perk' });
		}
		this.#form.refuse(`${this.#words[word]} ${this.#words.free}`,
		    refusal.errors,
		    this.#link(refusal, given.amount));
	}

	/* Coming back ------------------------------------------------------ */

	/** The browser has kept the page as it was left: busy. */
	#shown = (event) => {
		if (!event.persisted || !this.#options)
			return;
		this.#setBusy(false);
		this.#awaited = claim(this);
		if (this.#awaited)
			this.#look(this.#awaited.id);
	};

	/** Back without the checkout's word: only what is done is told. */
	async #look(id) {
		const run = this.#run;
		const { status } = await this.#client.status(id)
			.catch(() => ({}));
		if (run !== this.#run)
			return;
		if (['COMPLETED', 'PROCESSING'].includes(status))
			this.#wait(id);
		else if (status && status !== 'PENDING')
			this.#forget();
	}

	#ask() {
		const { asking, askingText } = this.#words;
		this.#show(panel(asking, [askingText]));
		this.#say(asking);
	}

	async #wait(id) {
		const run = this.#run;
		const wanted = () => run === this.#run;
		this.#ask();
		try {
			const after = await part('after');
			if (!wanted())
				return;
			dress(this.shadowRoot, after.sheet);
			await after.follow(id, this.#client, { wanted,
				words: this.#words, lang: this.#lang,
				name: this.#options.name,
				emit: (...event) => this.#emit(...event),
				show: (node) => this.#show(node),
				say: (text) => this.#say(text),
				reset: () => this.reset(),
				wait: () => this.#wait(id),
				done: () => this.#forget() });
		} catch (error) {
			if (wanted())
				this.#lost(error);
		}
	}

	/** Where there is no such donation, there is the form. */
	#lost(error) {
		if (!error.definite)
			this.#cannot(error);
		else if (this.#fails(error))
			this.reset();
	}

	#forget() {
		forget();
		this.#awaited = null;
		this.#client.last = null;
	}
}

reflect(DonateWidget.prototype);
if (!customElements.get('donate-widget'))
	customElements.define('donate-widget', DonateWidget);
