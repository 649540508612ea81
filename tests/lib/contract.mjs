// Does an answer keep to htdocs/docs/openapi.json?  Every answer that a test
// gets through site.request() is held against it: its status, its headers, its
// code, each member of its body, and no member that is not in the document.
//
//	kept(method, target, answer)	throws an AssertionError if it does not
//	operations()			{id: {id, method, path, about}}
//	takes(operation, scheme)	is it secured by that: "Signature",
//				"PartnerKey", "AccessToken"?
//	operation(method, target)	the one of them that is meant
//	conform(schema, value, at)	throws, with the place that is wrong
//
// What no program of ours has said (a web server's own refusal) is no matter
// of the document's, nor is a method or a path that it does not have.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './servers.mjs';

export const document = path.join(root, 'htdocs/docs/openapi.json');

let api;

function load() {
	api ??= JSON.parse(fs.readFileSync(document, 'utf8'));
	return api;
}

/** What a $ref means, and whether it was one. */
export function follow(thing) {
	let found = thing;
	while (found.$ref !== undefined)
		found = found.$ref.split('/').slice(1)
		    .reduce((at, name) => at[name], load());
	return found;
}

/** All operations, by their names. */
export function operations() {
	const all = {};
	for (const [where, methods] of Object.entries(load().paths))
		for (const [method, about] of Object.entries(methods))
			all[about.operationId] = {
				id: about.operationId, path: where,
				method: method.toUpperCase(), about,
			};
	return all;
}

export const takes = ({ about }, scheme) =>
	about.security.some((way) => scheme in way);

function typeOf(value) {
	if (value === null)
		return 'null';
	if (Array.isArray(value))
		return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
}

const RANGES = {
	minimum: (value, limit) => value >= limit,
	maximum: (value, limit) => value <= limit,
	minLength: (value, limit) => [...value].length >= limit,
	maxLength: (value, limit) => [...value].length <= limit,
	minItems: (value, limit) => value.length >= limit,
	maxItems: (value, limit) => value.length <= limit,
	minProperties: (value, limit) => Object.keys(value).length >= limit,
	maxProperties: (value, limit) => Object.keys(value).length <= limit,
	pattern: (value, limit) => new RegExp(limit, 'u').test(value),
	format: (value, limit) => limit !== 'date-time' ||
	    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(value),
};

/** An object that is defined by name has no members but its own. */
function conformObject(schema, value, at, named) {
	for (const name of schema.required ?? [])
		assert.ok(name in value, `${at}/${name} is missing`);
	for (const [name, member] of Object.entries(value)) {
		const known = schema.properties?.[name];
		if (known !== undefined)
			conform(known, member, `${at}/${name}`);
		else
			assert.ok(!named, `${at}/${name} is not documented`);
	}
}

export function conform(schema, value, at = '') {
	const rules = follow(schema);
	const types = [rules.type ?? []].flat();
	const type = typeOf(value);

	for (const part of rules.allOf ?? [])
		conform(part, value, at);
	if (rules.anyOf !== undefined) {
		if (value !== null)
			conform(rules.anyOf[0], value, at);
		return;
	}
	assert.ok(types.length === 0 || types.includes(type) ||
	    type === 'integer' && types.includes('number'),
	    `${at} is of type ${type}, not ${types.join(' or ')}`);
	if (rules.enum !== undefined)
		assert.ok(rules.enum.includes(value),
		    `${at} is ${value}, none of ${rules.enum}`);
	if (value === null)
		return;
	for (const [name, holds] of Object.entries(RANGES))
		assert.ok(rules[name] === undefined ||
		    holds(value, rules[name]),
		    `${at} is ${value}; its ${name} is ${rules[name]}`);
	if (type === 'array')
		value.forEach((item, i) =>
			conform(rules.items, item, `${at}/${i}`));
	if (type === 'object')
		conformObject(rules, value, at, schema.$ref !== undefined);
}

/** The operation that is meant; a path without {names} is meant first. */
export function operation(method, target) {
	const where = target.split('?')[0];
	return Object.values(operations())
	    .filter((o) => o.method === method &&
		new RegExp(`^${o.path.replace(/\{\w+\}/g, '[^/]+')}$`)
		.test(where))
	    .sort((a, b) => a.path.split('{').length -
		b.path.split('{').length)[0];
}

const OURS = /^(x-(?!content)|retry-after|allow$|idempotent-|www-)/;

export function kept(method, target, { status, headers, body, text }) {
	const found = operation(method, target);
	if (found === undefined || !('x-request-id' in headers))
		return;
	const name = `openapi.json: ${status} of ${found.id}`;
	const said = found.about.responses[status];
	assert.ok(said !== undefined, `${name} is not documented: ${text}`);
	const { content, headers: known } = follow(said);

	for (const [header, rules] of Object.entries(known)) {
		const value = headers[header.toLowerCase()];
		if (value === undefined)
			assert.ok(!follow(rules).required,
			    `${name} lacks ${header}`);
		else
			conform(follow(rules).schema,
			    /^\d+$/.test(value) ? Number(value) : value,
			    `${name}: ${header}: `);
	}
	const names = Object.keys(known).map((n) => n.toLowerCase());
	for (const header of Object.keys(headers))
		assert.ok(!OURS.test(header) || names.includes(header),
		    `${name}: ${header} is not documented`);

	if (content === undefined) {
		assert.equal(text, '', `${name} has no body`);
		return;
	}
	const type = headers['content-type'];
	assert.ok(type in content, `${name} is not documented as ${type}`);
	conform(content[type].schema, body, `${name}: `);
}
