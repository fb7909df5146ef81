// @ts-check
// Only in the configurator: our own words as a language that nobody speaks, to see what becomes of longer ones and
// which ones no translation reaches.

export const PSEUDO = "en-XA"; // as CLDR calls English with accents
const LONGER = 0.4;
const PLAIN = "AaCcDdEeGgIiKkLlNnOoRrSsTtUuYyZz";
const ACCENTED = "ÅåÇçĎďÉéĜĝÎîĶķĻļÑñÖöŔŕŠšŤťÛûÝýŽž";

/** @type {Record<string, string>} what the type's scripts say in English, by key; the type fills it in */
export const english = {};

/** @param {string} text @returns {string} "[!!! Çļöšé çħåť ~~~ !!!]"; what stands in braces is kept */
function accent(text) {
  const parts = text.split(/(\{\w+\})/);
  const said = parts.map((part, at) => (at % 2 ? part : part.replace(/[A-Za-z]/g, (letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter)));
  const more = "~".repeat(Math.ceil(text.length * LONGER)).replace(/~{6}/g, "$& ").trim();
  return `[!!! ${said.join("")} ${more} !!!]`;
}

/** @param {Record<string, string>} words */
const accented = (words) => Object.fromEntries(Object.entries(words).map(([key, text]) => [key, accent(text)]));

/** The page as this language has it, and as it is for any other. @template {any} T @param {T} page @returns {T} */
export function spoken(page) {
  const { lang, configurator, strings } = /** @type {any} */ (page);
  if (lang !== PSEUDO) return page;
  const says = accented(configurator.says);
  return { .../** @type {any} */ (page), strings: { ...strings, ...accented(english) }, configurator: { ...configurator, says } };
}
