/** The sentences of the desk, from the attributes of `<template id="texts">`. */

/**
 * @param {string} name attribute without "data-"
 * @param {Record<string, string | number>} [values] for the {placeholders}
 * @returns {string}
 */
export function text(name, values = {}) {
  const pattern = document.getElementById("texts")?.getAttribute(`data-${name}`) ?? "";
  return pattern.replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/** @param {string[]} names @param {string} one @param {string} more names of texts */
export function named(names, one, more) {
  const MOST = 3;
  const shown = names.slice(0, MOST).join(text("between"));
  const count = names.length - MOST;
  return count > 0 ? text(more, { names: shown, count }) : text(one, { names: shown });
}
