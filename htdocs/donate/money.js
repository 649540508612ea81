// @ts-check
// Money as a donor reads and writes it, and as the API takes it: whole numbers
// of minor units, as many digits as ISO 4217 gives the currency (USD 2, JPY 0,
// KWD 3).  Nothing is computed with fractions.

/** How many digits ISO 4217's currencies have, where it is not two.  Intl is
 * not asked: browsers leave out hundredths that are little used (HUF, RSD),
 * each others, and a factor of a hundred hangs on it. */
const DIGITS = Object.entries({
	0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF ' +
	    'XPF',
	3: 'BHD IQD JOD KWD LYD OMR TND',
	4: 'CLF UYW',
});

/** Larger amounts are not read: a number holds them all exactly. */
const DIGITS_MAX = 12;

export class Money {
	/**
	 * @param {string} currency ISO 4217
	 * @param {string} lang BCP 47
	 * @throws {RangeError} where it is no currency
	 */
	constructor(currency, lang) {
		this.currency = currency;
		this.lang = lang;
		this.digits = Number(DIGITS.find(([, codes]) =>
		    codes.includes(currency))?.[0] ?? 2);
		this.unit = 10 ** this.digits;
		this.group = new Intl.NumberFormat(lang).formatToParts(12345678)
			.find(({ type }) => type === 'group')?.value;
	}

	/** @param {number} minor @param {object} style of Intl.NumberFormat */
	#format(minor, style) {
		const digits = minor % this.unit === 0 ? 0 : this.digits;
		return new Intl.NumberFormat(this.lang, { ...style,
			minimumFractionDigits: digits,
			maximumFractionDigits: digits,
		}).format(minor / this.unit);
	}

	/** "$25", "$27.50" */
	show(minor) {
		return this.#format(minor, { style: 'currency',
			currency: this.currency });
	}

	/** What a donor would type for it, and read() takes: "27.50". */
	write(minor) {
		return this.#format(minor, { useGrouping: false });
	}

	/**
	 * What a donor typed, in the way of writing of the language or with a
	 * plain point: "1.234,50", "12.5", "€ 20", "١٢".
	 * @param {string} text
	 * @returns {number | null} minor units; null where it is no amount,
	 *	has too many digits, or might be read in two ways
	 */
	read(text) {
		const plain = text
			.replace(/[\u0660-\u0669\u06f0-\u06f9]/g,
			    (digit) => String(digit.charCodeAt(0) & 15))
			.replace(/[\s\p{Sc}'\u2019\u066c\u200e\u200f]/gu, '')
			.replace(/\u066b/, '.');
		const grouped = this.group === '.' || this.group === ',' ?
		    plain.split(this.group) : [plain];
		const last = grouped[grouped.length - 1];
		let whole = plain;

		/* 1,234,567.89: all groups but the first have three digits. */
		if (grouped.length > 1 && /^\d{1,3}$/.test(grouped[0]) &&
		    grouped.slice(1, -1).every((g) => /^\d{3}$/.test(g)) &&
		    /^\d{3}(\D\d+)?$/.test(last))
			whole = grouped.join('');
		const found = /^(\d+)(?:[.,](\d+))?$/.exec(whole);
		if (!found || (found[2] ?? '').length > this.digits)
			return null;
		const digits = found[1] +
		    (found[2] ?? '').padEnd(this.digits, '0');
		return digits.replace(/^0+/, '').length > DIGITS_MAX ? null :
		    Number(digits);
	}
}

/** So many percent (two decimals at most) of an amount, rounded. */
export function share(minor, percent) {
	return Math.round(minor * Math.round(percent * 100) / 10000);
}
