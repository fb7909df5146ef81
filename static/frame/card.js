// @ts-check
import { say } from "./boot.js";

/**
 * Says that something failed, in place of a blank frame. Styles: `.card` in frame.css.
 * @param {HTMLElement} root
 * @param {{message: string, retry?: () => void}} options `retry` adds a button, which also removes the card
 * @returns {{remove: () => void}}
 */
export function showCard(root, { message, retry }) {
  const card = document.createElement("div");
  card.className = "card";
  card.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.textContent = message;
  card.append(sentence);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say("retry", "Try again");
    button.addEventListener("click", () => {
      card.remove();
      retry();
    });
    card.append(button);
  }
  root.append(card);
  return { remove: () => card.remove() };
}
