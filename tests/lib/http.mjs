// Requests as a partner's back-end makes them, and as it should not: signed,
// with every part open to be got wrong, and byte for byte over a socket.
//
//	sign(secret, timestamp, method, target, body)	the signature, in hex
//	request({port, method, target, headers, body, agent})	-> answer
//	raw(port, bytes, {end, wait_ms})			-> answer
//	parse(bytes)						-> answer
//
//	wire(method, target, headers, body)		its bytes, for raw()
//
// An answer is {status, headers, text, body, bytes}: headers by lower-case
// name, body what the text says as JSON, or undefined.  raw() sends what it is
// given, ends its side of the connection if `end` says so, and reads until the
// answer is whole, the server closes, or wait_ms have passed; `bytes` is all
// that came.

import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';

export const sha256 = (data) =>
	createHash('sha256').update(data).digest('hex');

/** @returns {string} what X-Signature says of such a request. */
export function sign(secret, timestamp, method, target, body = '') {
	return createHmac('sha256', secret)
	    .update(`${timestamp}${method}${target}${sha256(body)}`)
	    .digest('hex');
}

function json(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Without the headers that are undefined. */
const given = (headers) => Object.fromEntries(
    Object.entries(headers).filter(([, value]) => value !== undefined));

/**
 * One request, its target left exactly as it is.  Where a busy machine let us
 * use a connection that the server was just closing, it goes by another.
 */
export function request(options) {
	return once(options).catch((error) => {
		if (!error.late)
			throw error;
		return once({ ...options, agent: undefined });
	});
}

function once({ port, method = 'GET', target, headers = {},
    body = undefined, agent = undefined, wait_ms = 60000 }) {
	return new Promise((resolve, reject) => {
		const req = http.request({
			host: '127.0.0.1', port, method, path: target,
			headers: given(headers), agent,
		});
		req.setTimeout(wait_ms, () =>
			req.destroy(new Error(`no answer in ${wait_ms} ms`)));
		req.on('error', (error) => {
			error.late = req.reusedSocket &&
			    error.code === 'ECONNRESET';
			reject(error);
		});
		req.on('response', (res) => {
			const parts = [];
			res.on('data', (part) => parts.push(part));
			res.on('error', reject);
			res.on('end', () => {
				const bytes = Buffer.concat(parts);
				const text = bytes.toString('utf8');
				resolve({
					status: res.statusCode,
					headers: res.headers,
					text, body: json(text), bytes,
				});
			});
		});
		req.end(body);
	});
}

/** Undo `Transfer-Encoding: chunked`, as far as it goes. */
function unchunk(bytes) {
	const parts = [];
	for (let at = 0; ;) {
		const end = bytes.indexOf('\r\n', at);
		const size = parseInt(bytes.toString('latin1', at, end), 16);
		if (end < 0 || !(size > 0))
			return Buffer.concat(parts);
		parts.push(bytes.subarray(end + 2, end + 2 + size));
		at = end + 2 + size + 2;
	}
}

/** Read the bytes of an HTTP/1.x answer; status 0 if there was none. */
export function parse(bytes) {
	const split = bytes.indexOf('\r\n\r\n');
	const head = bytes.toString('latin1', 0, split < 0 ? 0 : split);
	const lines = head.split('\r\n');
	const status = Number(lines[0].split(' ')[1] ?? 0);
	const headers = {};
	for (const line of lines.slice(1)) {
		const colon = line.indexOf(':');
		const name = line.slice(0, colon).toLowerCase();
		const value = line.slice(colon + 1).trim();
		headers[name] = name in headers ?
			`${headers[name]}, ${value}` : value;
	}
	let content = split < 0 ? Buffer.alloc(0) : bytes.subarray(split + 4);
	if (headers['transfer-encoding'] === 'chunked')
		content = unchunk(content);
	const text = content.toString('utf8');
	return { status, headers, text, body: json(text), bytes };
}

/** Is the answer all here?  Unknown, hence no, where only the end tells. */
function whole({ headers, text, bytes }) {
	if (headers['transfer-encoding'] === 'chunked')
		return bytes.toString('latin1').endsWith('0\r\n\r\n');
	return 'content-length' in headers &&
	    Buffer.byteLength(text) >= Number(headers['content-length']);
}

/** The bytes of a request, its Content-Length included unless it is given. */
export function wire(method, target, headers = {}, body = '') {
	const all = {
		Host: '127.0.0.1', Connection: 'close',
		'Content-Length': Buffer.byteLength(body), ...headers,
	};
	const lines = Object.entries(given(all)).map(
	    ([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.concat([
		Buffer.from(`${method} ${target} HTTP/1.1\r\n`),
		Buffer.from(`${lines.join('')}\r\n`),
		Buffer.from(body),
	]);
}

/** Send these bytes and nothing else. */
export function raw(port, bytes, { end = false, wait_ms = 10000 } = {}) {
	return new Promise((resolve, reject) => {
		const parts = [];
		const socket = net.connect({
			port, host: '127.0.0.1', allowHalfOpen: true,
		});
		const done = () => {
			socket.destroy();
			resolve(parse(Buffer.concat(parts)));
		};
		socket.setTimeout(wait_ms, done);
		socket.on('connect', () => {
			socket.write(bytes);
			if (end)
				socket.end();
		});
		socket.on('data', (part) => {
			parts.push(part);
			if (whole(parse(Buffer.concat(parts))))
				done();
		});
		socket.on('end', done);
		/* A reset after the answer takes nothing of it away. */
		socket.on('error', (error) =>
			parts.length > 0 ? done() : reject(error));
	});
}
