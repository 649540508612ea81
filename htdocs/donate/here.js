// @ts-check
// Where the widget came from, and how it gets what not every page needs.  The
// classic script has here.classic.js in the place of this.

import { Refusal } from './client.js';

/** The address of donate.js, of which this is a part. */
export const HERE = import.meta.url;

/** A file that not every page needs.
 * @param {string} name @returns {Promise<any>} */
export const part = (name) =>
    import(new URL(`donate/${name}.js`, HERE).href).catch(() => {
	throw new Refusal('UNREACHABLE');
    });
