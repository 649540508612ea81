// @ts-check
// What here.js is to the module, for the classic script: browsers load that
// from any site without leave.  All parts are in it, since whatever it imported
// would need leave again.

/** @type {any} */
const script = document.currentScript;
export const HERE = script.src;

/**
 * PARTS is what etc/donate.sh puts before this: a function for each part.
 * @param {string} name @returns {Promise<any>}
 */
export const part = async (name) =>
    // @ts-ignore
    PARTS[name]();
