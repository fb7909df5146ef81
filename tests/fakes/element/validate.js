// @ts-check
/** Are these options that ChatKit's frame accepts? One unknown key or wrong value, and it stays blank. */

import SCHEMA from "./options.schema.json" with { type: "json" };

/** @typedef {Record<string, any>} Schema the JSON Schema words that the options need, x-function and x-required */

/**
 * @param {Record<string, any>} options
 * @returns {string[]} what is wrong, one line each
 */
export function problemsOf(options) {
  const { api, ...rest } = options;
  return [...problemsAt(SCHEMA, rest, ""), ...apiProblems(api, options)];
}

/** @param {any} api @param {Record<string, any>} options @returns {string[]} */
function apiProblems(api, options) {
  if (!isObject(api)) return ["Invalid input → at api"];
  const hosted = typeof api.getClientSecret === "function" && hasOnly(api, ["getClientSecret"]);
  const custom =
    typeof api.url === "string" &&
    typeof api.domainKey === "string" &&
    (api.fetch === undefined || typeof api.fetch === "function") &&
    (api.uploadStrategy === undefined || isUploadStrategy(api.uploadStrategy)) &&
    hasOnly(api, ["url", "domainKey", "fetch", "uploadStrategy"]);
  if (!hosted && !custom) return ["Invalid input → at api"];
  if (custom && options.composer?.attachments?.enabled && !api.uploadStrategy) {
    return ["uploadStrategy is required in options.api when attachments are enabled"];
  }
  return [];
}

/** @param {any} strategy */
function isUploadStrategy(strategy) {
  return strategy?.type === "two_phase" || (strategy?.type === "direct" && typeof strategy.uploadUrl === "string");
}

/** @param {Record<string, any>} object @param {string[]} names */
function hasOnly(object, names) {
  return Object.keys(object).every((name) => object[name] === undefined || names.includes(name));
}

/** @param {Schema} schema @param {any} value @param {string} path @returns {string[]} */
function problemsAt(schema, value, path) {
  const invalid = [`Invalid input → at ${path || "options"}`];
  if (schema.$ref) return problemsAt(definition(schema.$ref), value, path);
  if (schema["x-function"]) return typeof value === "function" ? [] : invalid;
  if (schema.anyOf) return anyOfProblems(schema.anyOf, value, path, invalid);
  if ("const" in schema) return value === schema.const ? [] : invalid;
  if (schema.enum) return schema.enum.includes(value) ? [] : invalid;
  if (schema.type && ![schema.type].flat().some((type) => isOfType(type, value))) return invalid;
  if (value < schema.minimum || value > schema.maximum) return invalid;
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) return invalid;
  if (Array.isArray(value)) return value.flatMap((item, i) => problemsAt(schema.items, item, `${path}[${i}]`));
  return isObject(value) ? objectProblems(schema, value, path) : [];
}

/**
 * The closest branch tells what is wrong: the object branch for an object.
 * @param {Schema[]} branches @param {any} value @param {string} path @param {string[]} invalid
 */
function anyOfProblems(branches, value, path, invalid) {
  const tried = branches.map((branch) => problemsAt(branch, value, path));
  if (tried.some((problems) => problems.length === 0)) return [];
  const object = isObject(value) ? branches.findIndex((branch) => branch.type === "object") : -1;
  return object < 0 ? invalid : tried[object];
}

/** @param {Schema} schema @param {Record<string, any>} value @param {string} path */
function objectProblems(schema, value, path) {
  const problems = [];
  for (const name of [...(schema.required ?? []), ...(schema["x-required"] ?? [])]) {
    if (value[name] === undefined) problems.push(`Invalid input → at ${join(path, name)}`);
  }
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue; // lost on the way to the frame, which gets JSON
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    if (known === false) problems.push(`Unrecognized key: "${name}"${path ? ` → at ${path}` : ""}`);
    else if (known) problems.push(...problemsAt(known, field, join(path, name)));
  }
  return problems;
}

/** @param {string} reference */
function definition(reference) {
  return /** @type {Schema} */ (SCHEMA.$defs)[reference.replace("#/$defs/", "")];
}

/** @param {string} path @param {string} name */
function join(path, name) {
  return path ? `${path}.${name}` : name;
}

/** @param {string} type @param {any} value */
function isOfType(type, value) {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "number") return Number.isFinite(value);
  return typeof value === type;
}

/** @param {any} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
