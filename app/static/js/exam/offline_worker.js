/**
 * Opens the exam page again while there is no network, from the copy that `copy.js` made. It
 * keeps nothing itself and touches no other page; the end of an exam removes its copy, whoever
 * logs in or out removes all.
 */
"use strict";

const PREFIX = "qijue-exam-";
const PATIENCE_MS = 4000;
const BASE = new URL(self.registration.scope).pathname.replace(/\/$/, "");
const EXAM_PAGE = /^\/attempts\/(\d+)$/;
const EXAM_IS_OVER = /^\/attempts\/(\d+)\/done$/;
const CHANGE_OF_PERSON = /^\/(login|logout|ticket)$/;
const FILES = new Set(["style", "script", "font", "image", "worker"]);

/** The windows that were opened from a copy, and get their files from there too. */
const copied = new Map();

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const path = url.pathname.slice(BASE.length);
  if (request.mode === "navigate") answerNavigation(event, path);
  else if (copied.has(event.clientId) && FILES.has(request.destination)) {
    event.respondWith(fileFor(request, copied.get(event.clientId)));
  }
});

function answerNavigation(event, path) {
  const { method } = event.request;
  const attempt = method === "GET" && EXAM_PAGE.exec(path)?.[1];
  const over = EXAM_IS_OVER.exec(path)?.[1];
  if (attempt) event.respondWith(pageFor(event, attempt));
  else if (over) event.waitUntil(removeCopies(`-${over}`));
  else if (method === "POST" && CHANGE_OF_PERSON.test(path)) event.waitUntil(removeCopies());
}

/** The network's page; the copy where it does not answer in time or cannot. */
async function pageFor(event, attempt) {
  const fresh = fetch(event.request);
  const answered = fresh.then((response) => (response.status < 500 ? response : null), () => null);
  const copy = await copyOf(attempt, event.request.url);
  if (!copy) return fresh;
  const response = await Promise.race([answered, pause(PATIENCE_MS)]);
  if (response) return response;
  copied.set(event.resultingClientId, copy.name);
  return copy.page;
}

/** @returns {Promise<{name: string, page: Response} | null>} */
async function copyOf(attempt, url) {
  const name = (await caches.keys()).find(
    (other) => other.startsWith(PREFIX) && other.endsWith(`-${attempt}`),
  );
  if (!name) return null;
  const page = await (await caches.open(name)).match(new URL(url).pathname);
  if (page && Number(page.headers.get("X-Copy-Until")) > Date.now()) return { name, page };
  await caches.delete(name);
  return null;
}

async function fileFor(request, name) {
  return (await caches.match(request, { cacheName: name, ignoreVary: true })) ?? fetch(request);
}

/** @param {string} [ending] of the names that are meant */
async function removeCopies(ending = "") {
  const names = (await caches.keys()).filter(
    (name) => name.startsWith(PREFIX) && name.endsWith(ending),
  );
  await Promise.all(names.map((name) => caches.delete(name)));
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms, null));
