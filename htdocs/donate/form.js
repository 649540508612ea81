// @ts-check
// The form: what a donor chooses, shown, read and checked.  It knows nothing
// of the network.  A Form is built once from its options and a choice that
// outlives it, so that a form that is built again is as it was left.

import { alarm, fill, h } from './dom.js';
import { share } from './money.js';

/** The field that a fault of the API is about, by its JSON pointer. */
const NAMES = { donorEmail: 'email', tipAmount: 'tip' };
const field = (pointer) => {
	const [, name, more] = String(pointer).split('/');
	return more === 'answer' ? more : NAMES[name] ?? name;
};

/** What is chosen before anybody chooses. */
export const fresh = () => ({ frequency: null, amount: null, own: '',
	tip: null, cover: false, perk: 0, answer: '', firstName: '',
	lastName: '', email: '', anonymous: false, subscribe: false });

export class Form {
	/**
	 * @param {import('./words.js').Words} words
	 * @param {any} options of readOptions()
	 * @param {ReturnType<typeof fresh>} choice
	 * @param {{change: (given: any) => void, submit: () => void,
	 *	say: (text: string) => void}} on
	 */
	constructor(words, options, choice, on) {
		Object.assign(this, { words, options, choice, on });
		/** The node that each field's faults belong to. */
		this.fields = {};
		choice.frequency ??= options.frequency;
		choice.tip ??= options.tip;
		if (choice.amount === null)
			this.choose(options.amount);
		this.sum = h('p', { class: 'sum', part: 'summary' });
		this.button = h('button', { part: 'button', class: 'main' });
		this.alert = alarm();
		this.node = h('form', { novalidate: true,
			oninput: (event) => this.#input(event.target),
			onsubmit: (event) => {
				event.preventDefault();
				on.submit();
			} },
		this.#frequencies(), this.#amounts(), options.more?.perks(this),
		this.#extras(), this.#donor(), this.sum, this.alert,
		this.button,
		h('p', { class: 'small', part: 'legal' }, words.safe));
		this.update();
	}

	/* Parts ------------------------------------------------------------ */

	/** A field's sentence for what is wrong with it. */
	#error(name) {
		return h('p', { id: `bad-${name}`, class: 'error',
			part: 'error', hidden: true });
	}

	group(name, legend, look, ...children) {
		const node = h('fieldset',
		    { 'aria-describedby': `bad-${name}` },
		    h('legend', {}, legend),
		    h('div', { class: look }, ...children),
		    this.#error(name));
		this.fields[name] = node;
		return node;
	}

	radio(name, value, label, disabled = false) {
		return h('label', { class: 'pick' }, h('input', { type: 'radio',
			name, value, disabled,
			checked: String(this.choice[name]) === String(value) }),
		h('span', { part: name }, label));
	}

	#check(name, label) {
		return h('label', { class: 'check' }, h('input', {
			type: 'checkbox', name, checked: this.choice[name] }),
		h('span', {}, label));
	}

	text(name, label, attributes) {
		const input = h('input', { name, part: 'input', ...attributes,
			'aria-describedby': `bad-${name}` });
		input.value = this.choice[name];
		this.fields[name] = input;
		return h('div', {}, h('label', { class: 'field' },
			h('span', {}, label), input), this.#error(name));
	}

	#frequencies() {
		const { words, options } = this;
		return options.frequencies.length > 1 &&
		    this.group('frequency', words.often, 'row',
			...options.frequencies.map((word) =>
			    this.radio('frequency', word, words[word])));
	}

	#amounts() {
		const { words, options: { money, amounts } } = this;
		this.own = this.text('own', fill(words.own,
		    { currency: money.currency }), { inputmode: 'decimal',
			autocomplete: 'transaction-amount' });
		return h('div', { class: 'stack' }, this.group('amount',
		    words.amount, 'grid',
			...amounts.map((amount) => this.radio('amount',
			    amount, money.show(amount))),
			this.radio('amount', 'own', words.other)), this.own);
	}

	#extras() {
		const { words, options, choice } = this;
		const select = options.tips.length > 0 && h('select',
			{ name: 'tip', part: 'input',
				'aria-describedby': 'bad-tip' },
			...options.tips.map((tip) => h('option', { value: tip,
				selected: tip === choice.tip })));
		this.fields.tip = select;
		return h('div', { class: 'stack' },
			select && h('div', {}, h('label', { class: 'field' },
				h('span', {}, words.tip), select),
			this.#error('tip')),
			options.cover > 0 && this.#check('cover', ' '));
	}

	#donor() {
		const { words, options: { ask } } = this;
		const label = (name) => fill(words.optional,
		    { label: words[name] });
		const name = ask.includes('name');
		return h('div', { class: 'stack' }, name && h('div',
			{ class: 'pair' }, this.text('firstName',
			    label('firstName'), { autocomplete: 'given-name',
				maxlength: 100 }),
			this.text('lastName', label('lastName'),
			    { autocomplete: 'family-name', maxlength: 100 })),
		ask.includes('email') && this.text('email', label('email'),
		    { type: 'email', autocomplete: 'email', maxlength: 254 }),
		this.#check('anonymous', words.anonymous),
		ask.includes('subscribe') &&
		    this.#check('subscribe', words.subscribe));
	}

	/* What is chosen --------------------------------------------------- */

	/** This amount: one of the suggested ones, or as the donor's own. */
	choose(amount) {
		const { choice, options: { amounts, money } } = this;
		const suggested = amounts.includes(amount);
		choice.amount = suggested ? amount : 'own';
		choice.own = suggested || !amount ? '' : money.write(amount);
	}

	/** In minor units, or null. */
	get amount() {
		const { choice, options } = this;
		return choice.amount === 'own' ?
		    options.money.read(choice.own) : Number(choice.amount);
	}

	get perk() {
		return this.options.appeal?.perks.find((perk) =>
		    perk.id === Number(this.choice.perk) &&
		    perk.remaining !== 0);
	}

	/** The least for the perk that is chosen, where we can tell. */
	get least() {
		const { options } = this;
		return options.appeal?.currency === options.money.currency ?
		    this.perk?.minAmount ?? 0 : 0;
	}

	/** Everything that is paid, in minor units. */
	sums() {
		const { choice, options } = this;
		const amount = this.amount ?? 0;
		const tip = options.tips.length > 0 ?
		    share(amount, Number(choice.tip)) : 0;
		const fees = choice.cover ? share(amount, options.cover) : 0;
		return { amount, tip, fees, total: amount + tip + fees };
	}

	#input(target) {
		const { choice, on, options: { money } } = this;
		choice[target.name] = target.type === 'checkbox' ?
		    target.checked : target.value;
		this.#fault(target.name === 'own' ? 'amount' : target.name, '');
		if (target.name === 'perk' && (this.amount ?? 0) < this.least) {
			this.choose(this.least);
			for (const radio of this.node.elements.amount)
				radio.checked =
				    radio.value === String(choice.amount);
			this.fields.own.value = choice.own;
			on.say(fill(this.words.perkRaised,
			    { amount: money.show(this.least) }));
		}
		this.update();
		on.change(this.#given());
	}

	/** Show what follows from the choice. */
	update() {
		const { choice, words, perk, options: { money, tips } } = this;
		const { amount, tip, fees, total } = this.sums();
		const show = (minor) => ({ amount: money.show(minor) });

		this.own.hidden = choice.amount !== 'own';
		this.ask?.(perk?.question);
		for (const radio of this.node.querySelectorAll('[name=amount]'))
			radio.nextSibling.setAttribute('part', radio.checked ?
			    'amount amount-selected' : 'amount');
		tips.forEach((percent, i) => {
			this.fields.tip.options[i].textContent = percent === 0 ?
			    words.noTip : `${percent} % · ${
				money.show(share(amount, percent))}`;
		});
		const cover = this.node.elements.cover;
		if (cover)
			cover.nextSibling.textContent = fill(words.cover,
			    show(share(amount, this.options.cover)));
		this.sum.textContent = amount === 0 ? '' : [
			fill(words.sum, { often: words[choice.frequency],
				...show(amount) }),
			tip > 0 && fill(words.sumTip, show(tip)),
			fees > 0 && fill(words.sumFees, show(fees)),
			total > amount && fill(words.total, show(total)),
		].filter(Boolean).join(' · ');
		this.button.textContent = amount === 0 ? words.donate :
		    fill(words.donateSum, show(total));
	}

	/* Checking --------------------------------------------------------- */

	/** Say what is wrong with a field, or (nothing) that it is right. */
	#fault(name, text) {
		const error = this.node.querySelector(`#bad-${name}`);
		if (!error)
			return false;
		error.textContent = text;
		error.hidden = !text;
		const field = this.fields[name === 'amount' ? 'own' : name];
		if (field?.matches('input, select'))
			field.setAttribute('aria-invalid', text !== '');
		return text !== '';
	}

	/** To the first field that is wrong. */
	#focus(names) {
		const { choice, fields } = this;
		const name = Object.keys(fields).find((one) =>
		    names.includes(one));
		const at = name === 'amount' && choice.amount === 'own' ?
		    fields.own : fields[name];
		(at?.tagName === 'FIELDSET' ? at.querySelector(':checked') ??
		    at.querySelector('input') : at)?.focus();
	}

	/** What is wrong, by field, in the order of the form. */
	#faults() {
		const { words, choice, amount, least, perk, options } = this;
		const { money, min, max } = options;
		const say = (text, minor) => fill(text,
		    { amount: money.show(minor) });
		return {
			amount: !amount ? say(words.needAmount,
			    options.amounts[0] ?? 10 * money.unit) :
			    amount < min ? say(words.tooLow, min) :
			    amount > max ? say(words.tooHigh, max) :
			    amount < least ? say(words.perkLow, least) : '',
			answer: perk?.question && !choice.answer.trim() ?
			    words.needAnswer : '',
			email: !choice.email.trim() ||
			    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(
				choice.email.trim()) ? '' : words.badEmail,
		};
	}

	/** The gift as it stands. */
	#given() {
		const { choice, perk } = this;
		const { amount, tip, fees } = this.sums();
		const text = (name) => choice[name].trim() || undefined;
		return {
			...choice, amount, extra: tip + fees,
			email: text('email'), firstName: text('firstName'),
			lastName: text('lastName'),
			perk: perk && { id: perk.id, multiplier: 1,
				answer: perk.question && text('answer') },
		};
	}

	/** The gift, or null once the donor has been told what is missing. */
	read() {
		const bad = Object.entries(this.#faults())
			.filter(([name, text]) => this.#fault(name, text))
			.map(([name]) => name);
		this.alert.replaceChildren();
		this.#focus(bad);
		return bad.length > 0 ? null : this.#given();
	}

	/** The API has refused it: in a sentence, and where it says so at the
	 * fields.  @param {string} text @param {{pointer: string}[]} errors */
	refuse(text, errors, more) {
		const bad = [];
		for (const { pointer } of errors) {
			const name = field(pointer);
			if (this.#fault(name, name === 'email' ?
			    this.words.badEmail : this.words.badField))
				bad.push(name);
		}
		this.alert.replaceChildren(h('p', {}, text), more || '');
		this.#focus(bad);
	}

	setBusy(busy) {
		this.button.setAttribute('aria-busy', busy);
	}
}
