/** The sentences of the page, from the attributes of `<template id="texts">`. */

/**
 * @param {string} name attribute without "data-", e.g. "left-30"
 * @param {Record<string, string | number>} [values] for the {placeholders}
 * @returns {string} empty when the page has no such text
 */
export function text(name, values = {}) {
  const pattern = document.getElementById("texts")?.getAttribute(`data-${name}`) ?? "";
  return pattern.replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}
