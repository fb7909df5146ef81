// @ts-check
import { toast } from "../toasts.js";
import { Autosave } from "./autosave.js";
import { causeIn } from "./cause.js";
import { askConflict } from "./conflict.js";
import "./contrast-list.js";
import "./device.js";
import { focusError, showErrors } from "./errors.js";
import { wireFile } from "./file.js";
import { controlAt, labelOf, pathOf, readForm, writeForm } from "./form.js";
import { wireGallery } from "./gallery.js";
import { wireHistory } from "./history.js";
import { wireKeys } from "./keys.js";
import { Live } from "./live.js";
import { wireLogin } from "./login.js";
import { joined, setPath } from "./paths.js";
import { Preview } from "./preview.js";
import { wireSecrets } from "./secrets.js";
import { wireFold, wireSections, wireTabs } from "./sections.js";
import { keepInSight } from "./sight.js";
import { showStatus } from "./status.js";
import { Store } from "./store.js";
import { wireToolbar } from "./toolbar.js";

/** @typedef {{revision: number, stored: any, defaults: any, pairs: any[], draftUrl: string, previewUrl: string, secretsUrl: string, looksUrl: string, keepUrl: string, fileUrl: string, publishUrl: string, embed: string, meanings: Record<string, string>, undecided: boolean}} Facts */

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
/** @type {Facts} */
const facts = JSON.parse(byId("configurator-facts").textContent);
/** @type {HTMLFormElement} */
const form = byId("draft");
const announce = (/** @type {string} */ text) => (byId("announcer").textContent = text);
const label = (/** @type {string} */ path) => labelOf(form, path);

for (const element of document.querySelectorAll("[data-needs-script]")) /** @type {HTMLElement} */ (element).hidden = false;

// As it was served: what was typed before this script came is a change like any other.
const served = /** @type {HTMLFormElement} */ (form.cloneNode(true));
served.reset();
const store = new Store(readForm(served));
/** Changes much at once, and says so with a way back until the next change. @param {any} values @param {string} told */
const apply = (values, told) => {
  if (!store.change(values)) return void announce("That changes nothing.");
  const undo = byId("undo");
  const shown = toast(told, { label: "Undo", act: () => [undo.focus(), undo.click()] });
  store.addEventListener("change", () => shown.remove(), { once: true });
};
// What came back refused is not what is stored, and is not sent again by itself.
const stored = facts.undecided ? facts.stored : store.values;
const autosave = new Autosave({ store, url: facts.draftUrl, revision: facts.revision, stored });
const live = new Live(store, facts.previewUrl);
const preview = new Preview(live, {
  iframe: byId("preview-frame"),
  origin: facts.embed,
  restart: byId("preview-restart"),
  failed: causeIn(byId("preview-cause"), { meanings: facts.meanings, announce }),
});
const contrasts = byId("contrasts");

form.addEventListener("input", (event) => {
  const control = /** @type {import("./form.js").Control} */ (event.target);
  store.change(readForm(form), { from: "form", path: control.dataset?.type ? pathOf(control) : "" });
});

form.addEventListener("focusin", ({ target }) => {
  const section = /** @type {Element} */ (target).closest("details.section");
  if (section) preview.follow(/** @type {HTMLElement} */ (section).dataset.view ?? "");
});

store.addEventListener("change", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.from !== "form") writeForm(form, store.values);
  contrasts.show(store.values);
});

showStatus(byId("save-state"), autosave);
wireLogin(byId("login"), autosave);
autosave.addEventListener("state", (event) => {
  const { state, errors, theirs } = /** @type {CustomEvent} */ (event).detail;
  if (state === "saved" || state === "invalid") showErrors(form, errors ?? {});
  if (state === "conflict") decide(theirs);
});

/** @type {{revision: number, configuration: any} | null} what somebody else stored, until it is decided */
let undecided = null;

/** @param {{revision: number, configuration: any}} theirs */
async function decide(theirs) {
  undecided = theirs;
  const base = autosave.stored;
  const onto = (/** @type {any} */ values) => joined(base, theirs.configuration, values);
  const choice = await askConflict(byId("conflict"), { theirs, mine: store.values, apart: onto(store.values) !== null, label });
  if (!choice) return;
  undecided = null;
  if (choice === "overwrite") return void autosave.overwrite(theirs.revision);
  autosave.revision = theirs.revision;
  autosave.stored = theirs.configuration;
  autosave.state = "saved";
  if (choice === "both") {
    store.rebase(onto);
    toast("Both are kept. Undo takes back yours alone.");
  } else store.change(theirs.configuration);
}

// Without scripts the form is sent. With them everything stays where it is: the steps of undo, the preview, the focus.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (undecided) return void decide(undecided);
  const { submitter } = /** @type {SubmitEvent} */ (event);
  const isStored = await autosave.flush();
  if (autosave.state === "invalid") {
    byId("find").value = ""; // what is wrong may not have been found
    byId("find").dispatchEvent(new Event("input"));
    announce(focusError(form));
  }
  if (isStored && submitter?.getAttribute("name") === "then_publish") location.assign(facts.publishUrl);
  else if (isStored) announce("The draft is saved. Sites change when you publish.");
});

wireHistory(store, { undo: byId("undo"), redo: byId("redo"), form, announce, label });
wireGallery(store, { dialog: byId("gallery"), opener: byId("open-gallery"), urls: facts, flush: () => autosave.flush(), announce, apply });
wireFile({ dialog: byId("file"), opener: byId("open-file"), url: facts.fileUrl, flush: () => autosave.flush(), apply });
wireSections(form, { search: byId("find"), count: byId("found"), toggle: byId("open-all"), toc: byId("toc") });
wireTabs(byId("panes"));
wireFold(byId("preview-pane"), byId("fold-preview"));

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-reset]"))) {
  button.addEventListener("click", () => {
    const names = button.dataset.reset ? button.dataset.reset.split(" ") : Object.keys(facts.defaults);
    const values = structuredClone(store.values);
    for (const name of names) values[name] = structuredClone(facts.defaults[name]);
    const section = button.closest(".section")?.querySelector("h2")?.textContent;
    apply(values, `${section ? `“${section}”` : "Everything"} is as a new widget has it.`);
  });
}

contrasts.pairs = facts.pairs;
contrasts.fix = (/** @type {string} */ path, /** @type {string} */ color) => {
  const values = structuredClone(store.values);
  setPath(values, path, color);
  apply(values, `${label(path)} is now ${color}.`);
  controlAt(form, path)?.dispatchEvent(new Event("input"));
};
contrasts.show(store.values);

const restart = async () => {
  await autosave.flush();
  preview.load();
};
byId("preview-restart").querySelector("button").addEventListener("click", () => {
  byId("preview-tools").querySelector("[data-press=reload]").focus(); // the button leaves
  restart();
});
const device = /** @type {import("./device.js").DeviceFrame} */ (document.querySelector("device-frame"));
wireToolbar(byId("preview-tools"), { preview, device, restart, secret: byId("preview-secret"), alone: byId("preview-alone"), announce });
if (byId("secrets")) {
  const use = (/** @type {any} */ typed) => preview.useSecrets(typed);
  wireSecrets(byId("secrets"), { opener: byId("open-secrets"), note: byId("preview-typed"), url: facts.secretsUrl, use, announce });
}
wireKeys(byId("keys"), byId("open-keys"), form);
keepInSight(byId("preview-pane"));
live.ask();
store.change(readForm(form), { from: "form" });
