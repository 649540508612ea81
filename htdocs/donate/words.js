// @ts-check
// In which language the widget speaks, and which sentence a refusal becomes.
// A language is a file words.xx.js beside this one, and a row of LANGUAGES.

import { part } from './here.js';

/** The languages, each with the direction that it is written in. */
export const LANGUAGES = {
	en: 'ltr', de: 'ltr', fr: 'ltr', es: 'ltr', ar: 'rtl',
};

/** @typedef {typeof import('./words.en.js').default} Words */

/** What a donor is told of a code that the API answers, or of a status.  What
 * is set up wrongly only the page's author can mend. */
const SENTENCES = {
	UNREACHABLE: 'unreachable', UNAVAILABLE: 'unreachable',
	SET_UP: 'setUp', PROVIDER_NOT_CONFIGURED: 'setUp',
	APPEAL_NOT_FOUND: 'setUp', FUNDRAISER_NOT_FOUND: 'setUp',
	401: 'setUp', 403: 'setUp', 429: 'busy', IN_PROGRESS: 'busy',
	PROVIDER_UNAVAILABLE: 'payment', INVALID_REQUEST: 'check',
	PERK_SOLD_OUT: 'perkGone', PERK_NOT_FOUND: 'perkGone',
	NONPROFIT_NOT_FOUND: 'nobody', NONPROFIT_INACTIVE: 'nobody',
};

/** @param {import('./client.js').Refusal} refusal @returns {keyof Words} */
export const sentence = ({ code, status }) =>
    SENTENCES[code] ?? SENTENCES[status] ?? 'wrong';

/** "de-AT" is de. */
const short = (tag) => String(tag).toLowerCase().split('-')[0];

/** The first of these languages that there is. */
export const language = (...wanted) =>
    wanted.find((tag) => short(tag) in LANGUAGES) ?? 'en';

export const direction = (tag) => LANGUAGES[short(tag)];

/** What is said in a language; in English where that does not come.
 * @param {string} tag @returns {Promise<Words>} */
export const words = (tag) => part(`words.${short(tag)}`)
	.catch(() => part('words.en')).then((file) => file.default);
