// @ts-check
import { say } from "./boot.js";

/**
 * Says that something failed, in place of a blank frame. Styles: `.card` in frame.css.
 * @param {HTMLElement} root
 * @param {{message: string, retry?: () => void}} options `retry` adds a button, which also removes the card
 * @returns {{remove: () => void}}
 */
export function showCard(root, { message, retry }) {
  const card = makeCard(root, message);
  card.setAttribute("role", "alert");
  if (retry) addButton(card, say("retry", "Try again"), retry);
  return card;
}

/**
 * In place of a chat that shows itself and that nobody has asked for yet.
 * @param {HTMLElement} root
 * @param {{message: string, start: () => void}} options
 * @returns {{remove: () => void}}
 */
export function showOffer(root, { message, start }) {
  const card = makeCard(root, message);
  card.classList.add("offer");
  addButton(card, say("start", "Start chat"), start);
  return card;
}

/** @param {HTMLElement} root @param {string} message */
function makeCard(root, message) {
  const card = document.createElement("div");
  card.className = "card";
  const sentence = document.createElement("p");
  sentence.textContent = message;
  card.append(sentence);
  root.append(card);
  return card;
}

/** @param {HTMLElement} card @param {string} label @param {() => void} act */
function addButton(card, label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => {
    card.remove();
    act();
  });
  card.append(button);
}
