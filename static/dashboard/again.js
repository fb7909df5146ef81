// @ts-check
// <form data-again="address"> is sent once that address says that the login still holds. Else it is renewed in another
// tab: what is typed here is not sent and lost, secrets too.

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-again]"));
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("login"));
const still = /** @type {HTMLElement} */ (dialog.querySelector("[role=status]"));
const notes = ["unsaved-note", "announcer"].map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
const AWAY = "Not saved: there is no answer. Check your connection, and try again.";
/** @type {HTMLElement | null} the button that was pressed */
let pressed = null;
let holds = false;

form.addEventListener(
  "submit",
  (event) => {
    if (holds) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter;
    send();
  },
  { capture: true },
);
dialog.querySelector("[value=retry]")?.addEventListener("click", send);

async function send() {
  const asked = dialog.open;
  still.textContent = "";
  const answer = await fetch(form.dataset.again ?? "", { redirect: "manual" }).catch(() => null);
  if (answer?.ok) {
    dialog.close();
    holds = true;
    form.requestSubmit(pressed);
    holds = false;
  } else if (answer?.type === "opaqueredirect") {
    if (asked) still.textContent = "You are not logged in yet.";
    else dialog.showModal();
  } else for (const note of asked ? [still] : notes) note.textContent = AWAY;
}
