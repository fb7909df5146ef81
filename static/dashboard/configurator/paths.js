// @ts-check
/** @typedef {Record<string, any>} Values a configuration, as the API has it */

/** @param {any} tree @param {string} path dotted @returns {any} */
export function getPath(tree, path) {
  return path.split(".").reduce((branch, name) => branch?.[name], tree);
}

/** Makes what is missing on the way. @param {any} tree @param {string} path @param {any} value */
export function setPath(tree, path, value) {
  const names = path.split(".");
  const last = /** @type {string} */ (names.pop());
  let branch = tree;
  names.forEach((name, index) => {
    branch[name] ??= /^\d+$/.test(names[index + 1] ?? last) ? [] : {};
    branch = branch[name];
  });
  branch[last] = value;
}

/** @param {any} one @param {any} other @returns {boolean} */
export function isEqual(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isEqual(one[name], other[name]));
}

/** @param {any} one @param {any} other @param {string} [path] @returns {string[]} paths at which they differ */
export function changedPaths(one, other, path = "") {
  if (isEqual(one, other)) return [];
  const branches = [one, other].every((value) => value && typeof value === "object" && !Array.isArray(value));
  if (!branches) return [path];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => changedPaths(one[name], other[name], path ? `${path}.${name}` : name));
}

/**
 * What two people made of the same, put together; a list counts as one value.
 * @param {Values} base @param {Values} theirs @param {Values} mine
 * @returns {Values | null} null: both changed the same
 */
export function joined(base, theirs, mine) {
  const taken = changedPaths(base, theirs);
  const paths = changedPaths(base, mine);
  if (paths.some((path) => taken.some((other) => within(path, other) || within(other, path)))) return null;
  const values = structuredClone(theirs);
  for (const path of paths) setPath(values, path, structuredClone(getPath(mine, path)));
  return values;
}

/** @param {string} path @param {string} other */
function within(path, other) {
  return path === other || path.startsWith(`${other}.`);
}
