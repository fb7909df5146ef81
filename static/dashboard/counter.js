// @ts-check
// The browser cuts what is longer than a field's maximum without a word: near it, the field says how much is left.

const SHORTEST = 20; // characters; what is shorter, such as a colour, tells its length itself
const NEAR = 0.8;
const PAUSE = 1000; // ms without a key, until it is said aloud
const announcer = /** @type {HTMLElement} */ (document.getElementById("announcer"));
let timer = 0;
/** @type {EventTarget | null} into which more was pasted than goes in */
let cut = null;

document.addEventListener("focusin", ({ target }) => update(target));
// Also what scripts change, whose event does not bubble.
document.addEventListener("input", ({ target }) => update(target, true), { capture: true });
document.addEventListener("paste", ({ target, clipboardData }) => {
  if (!isCounted(target)) return;
  const kept = target.value.length - ((target.selectionEnd ?? 0) - (target.selectionStart ?? 0));
  const pasted = clipboardData?.getData("text").replaceAll("\r\n", "\n").length ?? 0;
  if (kept + pasted > target.maxLength) cut = target;
});

/** @param {EventTarget | null} target @returns {target is HTMLInputElement | HTMLTextAreaElement} */
function isCounted(target) {
  const isText = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && /^(text|url)$/.test(target.type));
  return isText && target.id !== "" && target.maxLength >= SHORTEST;
}

/** @param {EventTarget | null} target @param {boolean} [typed] */
function update(target, typed = false) {
  if (!isCounted(target)) return;
  const [length, most] = [target.value.length, target.maxLength];
  const note = noteOf(target, length >= most * NEAR);
  if (!note) return;
  note.textContent = `${length} of ${most}${cut === target ? ". The end of what you pasted did not fit." : ""}`;
  cut = null;
  clearTimeout(timer);
  if (typed && target === document.activeElement) timer = setTimeout(() => (announcer.textContent = note.textContent), PAUSE);
}

/** Makes the field's note, or takes it away. @param {HTMLInputElement | HTMLTextAreaElement} field @param {boolean} isNear */
function noteOf(field, isNear) {
  const id = `${field.id}-count`;
  const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  let note = document.getElementById(id);
  if (isNear === Boolean(note)) return note;
  if (isNear) {
    note = document.createElement("p");
    note.id = id;
    note.className = "counter soft small";
    field.after(note);
    described.add(id);
  } else {
    note?.remove();
    described.delete(id);
  }
  if (described.size) field.setAttribute("aria-describedby", [...described].join(" "));
  else field.removeAttribute("aria-describedby");
  return isNear ? note : null;
}
